/** How many platform calls a message needs, and what each carries. Pure: the composer asks before sending, the core when sending. */
import type { ChannelCapabilities } from '../../contract/conversation.ts'
import type { MessagePart } from '../../contract/message.ts'
import { Invalid } from '../../core/errors.ts'

export interface CallPlan {
  parts: MessagePart[]
}

/** Cuts at a line end, else at a space, else between characters; never inside one. */
export function splitText(text: string, maxBytes: number): string[] {
  if (Buffer.byteLength(text) <= maxBytes) return [text]
  const chunks: string[] = []
  let chunk = ''
  let bytes = 0
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (bytes + size > maxBytes) {
      const cut = goodCut(chunk)
      chunks.push(chunk.slice(0, cut).trimEnd())
      chunk = chunk.slice(cut).trimStart()
      bytes = Buffer.byteLength(chunk)
    }
    chunk += character
    bytes += size
  }
  return [...chunks, chunk].filter((piece) => piece !== '')
}

/** Only a cut in the last third is worth a shorter chunk. */
function goodCut(chunk: string): number {
  const least = Math.floor((chunk.length * 2) / 3)
  const line = chunk.lastIndexOf('\n')
  if (line > least) return line + 1
  const space = chunk.lastIndexOf(' ')
  return space > least ? space + 1 : chunk.length
}

const withName = (parts: readonly MessagePart[], name: string | null): MessagePart[] => {
  const first = parts.findIndex((part) => part.type === 'text')
  return parts.map((part, index) =>
    name !== null && index === first && part.type === 'text' ? { ...part, text: `${name}：${part.text}` } : part,
  )
}

/**
 * One part per platform call.
 * @param agentName put before the first words on accounts that want it
 * @throws Invalid `part_not_supported` when the channel cannot carry a part in any form
 */
export function planCalls(parts: readonly MessagePart[], capabilities: ChannelCapabilities, agentName: string | null): MessagePart[] {
  return withName(parts, agentName).flatMap((part): MessagePart[] => {
    if (part.type === 'text') return splitText(part.text, capabilities.maxTextBytes).map((text) => ({ ...part, text }))
    const asLink = capabilities.filesAsLinks && 'media' in part
    if (!capabilities.parts.includes(part.type) && !asLink)
      throw new Invalid('part_not_supported', 'this channel cannot carry such a message', { type: part.type })
    return [part]
  })
}

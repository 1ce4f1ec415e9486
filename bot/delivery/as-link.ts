/** A file that the channel cannot carry goes out as its name, size and a link. */
import type { ChannelContext } from '#adapters/contract/index.ts'
import type { ChannelCapabilities } from '#api/contract/conversation.ts'
import type { MessagePart } from '#api/contract/message.ts'

type MediaPart = Extract<MessagePart, { media: unknown }>

const hasMedia = (part: MessagePart): part is MediaPart => 'media' in part

/** May this part be sent as a link instead? */
export const linkable = (part: MessagePart, capabilities: ChannelCapabilities): part is MediaPart =>
  capabilities.filesAsLinks && hasMedia(part) && part.media.attachmentId !== undefined

/** Pure: does the channel take this kind and size of file as it is? */
export function fits(part: MediaPart, capabilities: ChannelCapabilities): boolean {
  const most = capabilities.maxFileBytes[part.type] ?? Infinity
  return capabilities.parts.includes(part.type) && (part.media.sizeBytes ?? 0) <= most
}

/** No word of any language in it: the customer's is not known. */
export async function asLink({ media }: MediaPart, files: ChannelContext['files']): Promise<MessagePart> {
  const link = await files.link(media.attachmentId ?? '')
  const size = media.sizeBytes === undefined ? '' : `（${readableSize(media.sizeBytes)}）`
  return { type: 'text', text: `📎 ${media.name ?? ''}${size}\n${link}` }
}

function readableSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1_048_576) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}

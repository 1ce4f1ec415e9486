import type { CustomerMessage, MessagePart } from '../wire.ts'
import { authorName } from './author.ts'
import { noticeText } from './notice.ts'
import { isWordKey, type Say } from './words.ts'

/** A message in one line, for those who hear the page. */
export function spokenText(message: CustomerMessage, say: Say): string {
  const text = message.recalledAt ? say('part.recalled') : message.parts.map((part) => partText(part, say)).join(' ')
  return message.direction === 'outbound' ? say('preview.text', { name: authorName(message.author, say), text }) : text
}

function partText(part: MessagePart, say: Say): string {
  if (part.type === 'text') return part.text
  if (part.type === 'notice') return noticeText(part, say) ?? ''
  if (part.type === 'menu') return [part.head, ...part.options.map((option) => option.text)].filter(Boolean).join(' ')
  if (part.type === 'link') return part.title
  if (part.type === 'template') return part.preview ?? ''
  const key = `part.${part.type}`
  return isWordKey(key) ? say(key) : say('part.unsupported')
}

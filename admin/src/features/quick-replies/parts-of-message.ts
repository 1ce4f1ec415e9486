import type { Message } from '#api/contract/message.ts'
import type { QuickReplyPart } from '#api/contract/quick-reply.ts'

/** What of a message a quick reply can hold. Braces of a customer's own are no variables. */
export const replyPartsOf = ({ parts }: Pick<Message, 'parts'>): QuickReplyPart[] =>
  parts.slice(0, 5).flatMap((part): QuickReplyPart[] => {
    if (part.type === 'text')
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text.replaceAll('{{', '{ {').slice(0, 10_000) }]
    if (part.type === 'image' || part.type === 'file')
      return part.media.status === 'ready' && part.media.attachmentId !== undefined ? [{ type: part.type, media: part.media }] : []
    if (part.type !== 'link') return []
    const { url, title, description } = part
    return [{ type: 'link', url, title: title || url.slice(0, 256), ...(description === undefined ? {} : { description }) }]
  })

/** Reads what the account's server answered to a callback: nothing, or a message for the customer. */
import { decryptMessage, sameSignature, signatureOf } from '../../crypto.ts'
import { textOf, type Fields } from '../../fields.ts'
import { parsePayload } from '../../payload.ts'
import type { Account } from '../state/records.ts'
import type { Article, Content } from '../types.ts'

export interface PassiveReply {
  content: Content
  payload: Record<string, unknown>
}

const inner = (fields: Fields, name: string): Fields => {
  const value = fields.get(name)
  return value instanceof Map ? value : new Map()
}

const article = (item: unknown): Article => {
  const fields: Fields = item instanceof Map ? item : new Map()
  return {
    title: textOf(fields, 'Title'),
    description: textOf(fields, 'Description'),
    url: textOf(fields, 'Url'),
    picUrl: textOf(fields, 'PicUrl'),
  }
}

const articles = (fields: Fields): Article[] => {
  const container = fields.get('Articles')
  if (Array.isArray(container)) return container.map(article)
  const items = inner(fields, 'Articles').get('item')
  return (Array.isArray(items) ? items : items === undefined ? [] : [items]).map(article)
}

const contentOf = (fields: Fields): Content | null => {
  switch (textOf(fields, 'MsgType')) {
    case 'text':
      return { type: 'text', text: textOf(fields, 'Content') }
    case 'image':
      return { type: 'image', mediaId: textOf(inner(fields, 'Image'), 'MediaId') }
    case 'voice':
      return { type: 'voice', mediaId: textOf(inner(fields, 'Voice'), 'MediaId') }
    case 'video': {
      const video = inner(fields, 'Video')
      return { type: 'video', mediaId: textOf(video, 'MediaId'), title: textOf(video, 'Title'), description: textOf(video, 'Description') }
    }
    case 'music': {
      const music = inner(fields, 'Music')
      return { type: 'music', title: textOf(music, 'Title'), description: textOf(music, 'Description'), url: textOf(music, 'MusicUrl') }
    }
    case 'news':
      return { type: 'news', articles: articles(fields) }
    case 'transfer_customer_service':
      return { type: 'other', msgType: 'transfer_customer_service' }
    default:
      return null
  }
}

/** In the encrypted modes the platform takes nothing but an envelope that is signed and names the account. */
const openReply = (account: Account, answer: string): Fields | null => {
  const outer = parsePayload(answer)
  if (account.mode === 'plain') return outer
  const encrypted = textOf(outer, 'Encrypt')
  const expected = signatureOf(account.token, textOf(outer, 'TimeStamp'), textOf(outer, 'Nonce'), encrypted)
  if (encrypted === '' || !sameSignature(expected, textOf(outer, 'MsgSignature'))) return null
  return parsePayload(decryptMessage({ encodingAesKey: account.encodingAesKey ?? '', receiveId: account.appId }, encrypted))
}

/** Null = the answer is none that the platform understands: the customer is told that the account is out of service. */
export const readPassiveReply = (account: Account, openId: string, answer: string): PassiveReply | null => {
  try {
    const fields = openReply(account, answer)
    if (!fields || textOf(fields, 'ToUserName') !== openId || textOf(fields, 'FromUserName') !== account.originalId) return null
    const content = contentOf(fields)
    return content && { content, payload: { answer } }
  } catch {
    // Malformed XML, a foreign envelope: whatever it was, it is no answer.
    return null
  }
}

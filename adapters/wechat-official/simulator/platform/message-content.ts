/**
 * Is this a customer-service message that the platform would take, and what does the phone show?
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
 */
import type { Account } from '../state/records.ts'
import { liveMedia } from '../state/media.ts'
import type { Content } from '../types.ts'
import { refuse } from './errors.ts'
import { fieldsOf, listOf, numberOf, textOf, type Fields } from './fields.ts'

const MAX_TEXT_BYTES = 2048
const MAX_MENU_OPTIONS = 10

type Reader = (payload: Fields, account: Account, now: number) => Content

const mediaId = (value: unknown, account: Account, kinds: readonly string[], now: number): string => {
  const id = textOf(value)
  const media = id ? liveMedia(account, id, now) : undefined
  if (!media || !kinds.includes(media.kind)) return refuse(40007)
  return id
}

const readText: Reader = ({ content }) => {
  const text = textOf(content)
  if (text === '') refuse(44004)
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) refuse(45002)
  return { type: 'text', text }
}

const readVoice: Reader = (payload, account, now) => {
  const id = mediaId(payload['media_id'], account, ['voice'], now)
  const durationMs = account.media.get(id)?.durationMs
  return { type: 'voice', mediaId: id, ...(durationMs === undefined ? {} : { durationMs }) }
}

const readVideo: Reader = (payload, account, now) => {
  const id = mediaId(payload['media_id'], account, ['video'], now)
  const thumb = payload['thumb_media_id'] ? mediaId(payload['thumb_media_id'], account, ['thumb', 'image'], now) : undefined
  return {
    type: 'video',
    mediaId: id,
    ...(thumb ? { thumbMediaId: thumb } : {}),
    title: textOf(payload['title']),
    description: textOf(payload['description']),
  }
}

const readMusic: Reader = (payload, account, now) => ({
  type: 'music',
  title: textOf(payload['title']),
  description: textOf(payload['description']),
  url: textOf(payload['musicurl']) || textOf(payload['hqmusicurl']),
  thumbMediaId: mediaId(payload['thumb_media_id'], account, ['thumb', 'image'], now),
})

const readNews: Reader = ({ articles }) => {
  const list = listOf(articles).map(fieldsOf)
  if (list.length === 0) refuse(44003)
  if (list.length > 1) refuse(45008)
  return {
    type: 'news',
    articles: list.map((article) => ({
      title: textOf(article['title']),
      description: textOf(article['description']),
      url: textOf(article['url']),
      picUrl: textOf(article['picurl']),
    })),
  }
}

const readMenu: Reader = (payload) => {
  const options = listOf(payload['list']).map((item) => {
    const { id, content } = fieldsOf(item)
    return { id: textOf(id) || String(numberOf(id) ?? ''), text: textOf(content) }
  })
  if (options.length === 0 || options.some(({ id, text }) => !id || !text)) refuse(44004)
  if (options.length > MAX_MENU_OPTIONS) refuse(45008)
  return { type: 'menu', head: textOf(payload['head_content']), options, tail: textOf(payload['tail_content']) }
}

const card =
  (kind: Extract<Content, { type: 'card' }>['card'], idField: string): Reader =>
  (payload, account, now) => {
    const refId = textOf(payload[idField])
    if (!refId) refuse(40035)
    const thumb = payload['thumb_media_id'] ? mediaId(payload['thumb_media_id'], account, ['thumb', 'image'], now) : undefined
    return { type: 'card', card: kind, title: textOf(payload['title']), refId, ...(thumb ? { thumbMediaId: thumb } : {}) }
  }

const READERS = new Map<string, Reader>([
  ['text', readText],
  ['image', (payload, account, now) => ({ type: 'image', mediaId: mediaId(payload['media_id'], account, ['image'], now) })],
  ['voice', readVoice],
  ['video', readVideo],
  ['music', readMusic],
  ['news', readNews],
  ['mpnews', card('mpnews', 'media_id')],
  ['mpnewsarticle', card('mpnewsarticle', 'article_id')],
  ['msgmenu', readMenu],
  ['wxcard', card('wxcard', 'card_id')],
  ['miniprogrampage', card('miniprogrampage', 'pagepath')],
])

/** @throws PlatformRefusal 40008, 44004, 45002, 40007, 44003, 45008, 40035 */
export const readMessage = (body: Fields, account: Account, now: number): { msgType: string; content: Content } => {
  const msgType = textOf(body['msgtype'])
  const reader = READERS.get(msgType) ?? refuse(40008)
  if (body[msgType] === undefined) refuse(msgType === 'text' ? 44004 : 40035)
  return { msgType, content: reader(fieldsOf(body[msgType]), account, now) }
}

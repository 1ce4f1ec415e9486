/** The body of a customer-service message, by kind. */
import type { MessagePart } from '#api/contract/message.ts'
import { PermanentFailure } from '../contract/failures.ts'
import type { MediaUploads } from './media-uploads.ts'

type Part<T extends MessagePart['type']> = Extract<MessagePart, { type: T }>
/** `msgtype` and the object of the same name. */
export type Content = Record<string, unknown>

/** Null: the platform has no such message. Files were made into links before. */
export async function contentOf(part: MessagePart, uploads: MediaUploads): Promise<Content | null> {
  switch (part.type) {
    case 'text':
      // A lone surrogate would leave JSON as a \u escape, which the customer would read.
      return { msgtype: 'text', text: { content: part.text.toWellFormed() } }
    case 'image':
      return { msgtype: 'image', image: { media_id: await uploads.idOf('image', part.media) } }
    case 'audio':
      return { msgtype: 'voice', voice: { media_id: await uploads.idOf('voice', part.media) } }
    case 'video':
      return videoContent(part, uploads)
    case 'link':
      return newsContent(part)
    case 'menu':
      return menuContent(part)
    case 'card':
      return cardContent(part, uploads)
    default:
      return null
  }
}

async function videoContent(part: Part<'video'>, uploads: MediaUploads): Promise<Content> {
  const mediaId = await uploads.idOf('video', part.media)
  const cover = await uploads.coverOf(undefined)
  return {
    msgtype: 'video',
    video: { media_id: mediaId, thumb_media_id: cover, title: part.title ?? '', description: part.description ?? '' },
  }
}

/** One article: the platform refuses more. */
function newsContent(part: Part<'link'>): Content {
  return {
    msgtype: 'news',
    news: { articles: [{ title: part.title, description: part.description ?? '', url: part.url, picurl: part.imageUrl ?? '' }] },
  }
}

/** A click comes back as a text with the option's id. */
function menuContent(part: Part<'menu'>): Content {
  const list = part.options.map((option) => ({ id: option.id, content: option.text }))
  return { msgtype: 'msgmenu', msgmenu: { head_content: part.head ?? '', list, tail_content: part.tail ?? '' } }
}

async function cardContent(part: Part<'card'>, uploads: MediaUploads): Promise<Content> {
  switch (part.card) {
    case 'music':
      return musicContent(part, uploads)
    case 'miniprogram':
      return miniProgramContent(part, uploads)
    case 'article':
      return { msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: required(part.refId, 'refId') } }
    case 'mpnews':
      return { msgtype: 'mpnews', mpnews: { media_id: required(part.refId, 'refId') } }
    case 'coupon':
      return { msgtype: 'wxcard', wxcard: { card_id: required(part.refId, 'refId') } }
  }
}

async function musicContent(part: Part<'card'>, uploads: MediaUploads): Promise<Content> {
  const url = required(part.url, 'url')
  const texts = { title: part.title ?? '', description: part.description ?? '' }
  const cover = await uploads.coverOf(part.thumbnail)
  return { msgtype: 'music', music: { ...texts, musicurl: url, hqmusicurl: part.hqUrl ?? url, thumb_media_id: cover } }
}

async function miniProgramContent(part: Part<'card'>, uploads: MediaUploads): Promise<Content> {
  const page = { title: required(part.title, 'title'), appid: required(part.appId, 'appId'), pagepath: required(part.pagePath, 'pagePath') }
  return { msgtype: 'miniprogrampage', miniprogrampage: { ...page, thumb_media_id: await uploads.coverOf(part.thumbnail) } }
}

/** @throws PermanentFailure `rejected`: the platform would say 40035 or 47001, at the price of a call */
function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new PermanentFailure('rejected', `card without ${name}`)
  return value
}

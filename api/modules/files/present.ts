import type { Attachment } from '../../contract/attachment.ts'
import type { Media } from '../../contract/message.ts'
import type { Config } from '../../core/config.ts'
import { fileLink } from './links.ts'
import type { AttachmentRow } from './model.ts'

/** How a reader opens files: staff by session, customers by signed links good for a day. */
export interface UrlMaker {
  original(id: string): string
  thumbnail(id: string): string
}
export const staffUrls: UrlMaker = {
  original: (id) => `/api/v1/attachments/${id}/content`,
  thumbnail: (id) => `/api/v1/attachments/${id}/content?variant=thumbnail`,
}
const DAY_MS = 86_400_000
export const customerUrls = (config: Config, now: Date): UrlMaker => ({
  original: (id) => fileLink(config, id, 'original', new Date(now.getTime() + DAY_MS)),
  thumbnail: (id) => fileLink(config, id, 'thumbnail', new Date(now.getTime() + DAY_MS)),
})

export function presentAttachment(row: AttachmentRow, urls: UrlMaker): Attachment {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    mime: row.mime,
    sizeBytes: Number(row.size_bytes),
    width: row.width,
    height: row.height,
    url: urls.original(row.id),
    thumbnailUrl: row.thumbnail_key === null ? null : urls.thumbnail(row.id),
  }
}

/** As stored inside a message: no urls, those are made for each reader. `thumbnailUrl: ''` marks that there is one. */
export function mediaOf(row: AttachmentRow): Media {
  return {
    status: 'ready',
    attachmentId: row.id,
    name: row.name,
    mime: row.mime,
    sizeBytes: Number(row.size_bytes),
    ...(row.width === null ? {} : { width: row.width }),
    ...(row.height === null ? {} : { height: row.height }),
    ...(row.thumbnail_key === null ? {} : { thumbnailUrl: '' }),
  }
}

export function withUrls(media: Media, urls: UrlMaker): Media {
  if (!media.attachmentId) return media
  const { thumbnailUrl, ...rest } = media
  return {
    ...rest,
    url: urls.original(media.attachmentId),
    ...(thumbnailUrl === undefined ? {} : { thumbnailUrl: urls.thumbnail(media.attachmentId) }),
  }
}

/** Temporary media and article images. */
import { amrDurationMs, liveMedia, sniffMime, storeMedia } from '../state/media.ts'
import type { StoredMedia } from '../state/records.ts'
import { withoutToken, withToken, type AccountContext, type Answer, type CallContext, type Endpoints } from './endpoint.ts'
import { refuse } from './errors.ts'
import { readFormFile } from './multipart.ts'

interface MediaRule {
  mimes: readonly string[]
  maxBytes: number
  tooLarge: number
}
const MEGABYTE = 1_048_576
const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/bmp']
const MEDIA_RULES: Record<StoredMedia['kind'], MediaRule> = {
  image: { mimes: IMAGES, maxBytes: 10 * MEGABYTE, tooLarge: 40009 },
  voice: { mimes: ['audio/amr', 'audio/mpeg'], maxBytes: 2 * MEGABYTE, tooLarge: 40010 },
  video: { mimes: ['video/mp4'], maxBytes: 10 * MEGABYTE, tooLarge: 40011 },
  thumb: { mimes: ['image/jpeg'], maxBytes: 65_536, tooLarge: 40012 },
}
const MAX_VOICE_MS = 60_000
const ARTICLE_IMAGE_MIMES = ['image/jpeg', 'image/png']

const isMediaKind = (type: string): type is StoredMedia['kind'] => Object.hasOwn(MEDIA_RULES, type)

const uploadedFile = ({ body, headers }: CallContext): Buffer => {
  const file = readFormFile(body, headers['content-type']?.toString() ?? '', 'media')
  return file && file.data.length > 0 ? file.data : refuse(41005)
}

const upload = (ctx: AccountContext): Answer => {
  const type = ctx.query.get('type') ?? ''
  if (!isMediaKind(type)) return refuse(40004)
  const data = uploadedFile(ctx)
  const rule = MEDIA_RULES[type]
  if (data.length > rule.maxBytes) refuse(rule.tooLarge)
  const mime = sniffMime(data)
  if (!mime || !rule.mimes.includes(mime)) return refuse(40005)
  if (mime === 'audio/amr' && amrDurationMs(data) > MAX_VOICE_MS) refuse(45007)
  const media = storeMedia(ctx.account, { kind: type, data, mime }, ctx.now)
  const idField = type === 'thumb' ? 'thumb_media_id' : 'media_id'
  return { json: { type, [idField]: media.mediaId, created_at: Math.floor(ctx.now / 1000), item: [] } }
}

const uploadArticleImage = (ctx: AccountContext): Answer => {
  const data = uploadedFile(ctx)
  if (data.length > MEGABYTE) refuse(40009)
  const mime = sniffMime(data)
  if (!mime || !ARTICLE_IMAGE_MIMES.includes(mime)) return refuse(40005)
  return { json: { url: `${ctx.baseUrl}${storeMedia(ctx.account, { kind: 'image', data, mime }, ctx.now).publicPath}` } }
}

const download = ({ account, query, now, baseUrl }: AccountContext): Answer => {
  const id = query.get('media_id') ?? ''
  if (!id) refuse(41006)
  const media = liveMedia(account, id, now) ?? refuse(40007)
  if (media.kind === 'video') return { json: { video_url: `${baseUrl}${media.publicPath}` } }
  return { binary: media.data, mime: media.mime, fileName: media.fileName }
}

export const mediaEndpoints: Endpoints = {
  '/cgi-bin/media/upload': withToken('POST', upload),
  '/cgi-bin/media/uploadimg': withToken('POST', uploadArticleImage),
  '/cgi-bin/media/get': withToken('GET', download),
}

/** Pictures and videos by address (`/mmbiz/{appId}/{file}`), as the platform's file servers give them out. */
export const serveMediaFile = withoutToken('GET', ({ world, path, now }: CallContext): Answer => {
  const [, , appId = '', file = ''] = path.split('/')
  const account = world.accounts.get(appId)
  const media = account && liveMedia(account, file.replace(/\.\w+$/, ''), now)
  return media ? { binary: media.data, mime: media.mime } : { html: 'not found', status: 404 }
})

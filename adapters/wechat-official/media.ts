/**
 * Temporary media: fetched after a message came in, uploaded before one goes out. The platform keeps them for three days.
 * https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_temporary_materials.html
 * https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
 */
import { z } from 'zod'
import type { FetchedMedia, InboundMediaPart } from '../contract/adapter.ts'
import type { ChannelContext, HttpAnswer, StoredFile } from '../contract/context.ts'
import { PermanentFailure, TransientFailure } from '../contract/failures.ts'
import { callApi, objectOf, platformErrorOf, withToken, type ApiObject } from './client.ts'
import { basesOf, type OfficialAccount } from './connection.ts'
import { uploadableFile, type MediaKind } from './uploadable-file.ts'

type MediaAnswer = { download: Download; object: null } | { download: null; object: ApiObject }
type Download = { status: number; headers: HttpAnswer['headers']; stream: NodeJS.ReadableStream }

/**
 * The file behind a MediaId. A video comes as an address instead of bytes.
 * @throws PermanentFailure `media_refused` when the id is unknown or older than three days
 */
export async function fetchMedia(account: OfficialAccount, ref: InboundMediaPart['mediaRef'], ctx: ChannelContext): Promise<FetchedMedia> {
  const base = basesOf(account, ctx).api
  const answer = await withToken<MediaAnswer>(account, ctx, async (token) => {
    const query = new URLSearchParams({ access_token: token, media_id: ref.id })
    const download = await ctx.http.download({ url: `${base}/cgi-bin/media/get?${query.toString()}` })
    if (download.status === 200 && !isJson(download.headers)) return { value: { download, object: null }, error: null }
    const object = objectOf({ status: download.status, body: await bounded(download.stream) }, 'read')
    return { value: { download: null, object }, error: platformErrorOf(object) }
  })
  const download = answer.download ?? (await fetchVideo(answer.object, base, ctx))
  return mediaOf(download, ref)
}

/** Errors and video addresses are JSON, sometimes called text; nothing that a customer sends is either. */
function isJson(headers: HttpAnswer['headers']): boolean {
  return /^\s*(application\/json|text\/plain)/i.test(headers['content-type'] ?? '')
}

const MAX_OBJECT_BYTES = 65_536

async function bounded(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_OBJECT_BYTES) throw new TransientFailure('answer too long')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

const videoAnswer = z.object({ video_url: z.url({ protocol: /^https?$/ }) })

/** The address is the platform's word, not ours: outside the configured base only public https hosts are asked. */
async function fetchVideo(object: ApiObject | null, base: string, ctx: ChannelContext): Promise<Download> {
  const video = videoAnswer.safeParse(object)
  if (!video.success) throw new PermanentFailure('media_refused', 'neither a file nor an address')
  const url = new URL(video.data.video_url)
  const own = url.origin === new URL(base).origin
  // The platform still writes http:// although its video hosts speak https.
  if (!own) url.protocol = 'https:'
  const download = own ? await ctx.http.download({ url: url.href }) : await ctx.http.fetchForeign(url.href)
  if (download.status === 200) return download
  throw download.status >= 500
    ? new TransientFailure(`http ${download.status}`)
    : new PermanentFailure('media_refused', `http ${download.status}`, String(download.status))
}

function mediaOf(download: Download, ref: InboundMediaPart['mediaRef']): FetchedMedia {
  const mime = mimeOf(download.headers['content-type'], ref.format)
  const name = /filename="?([^";]+)"?/i.exec(download.headers['content-disposition'] ?? '')?.[1]
  return { stream: download.stream, ...(mime === undefined ? {} : { mime }), ...(name === undefined ? {} : { name }) }
}

/** The message's own format is surer than the header, which calls speech `voice/…` or plain bytes. */
function mimeOf(header: string | undefined, format: string | undefined): string | undefined {
  if (format !== undefined && /^[a-z0-9]{1,16}$/.test(format)) return `audio/${format === 'mp3' ? 'mpeg' : format}`
  return header
    ?.split(';')[0]
    ?.trim()
    .toLowerCase()
    .replace(/^voice\//, 'audio/')
}

/** Two hours less than the three days that the platform keeps an upload. */
const MEDIA_ID_TTL_SECONDS = 70 * 3600

const uploadAnswer = z.union([z.object({ media_id: z.string().min(1) }), z.object({ thumb_media_id: z.string().min(1) })])

export interface UploadedMedia {
  id: string
  /** Taken from the cache: the platform may have dropped it in the meantime. */
  cached: boolean
}

export interface MediaSource {
  kind: MediaKind
  /** Names the file in the cache: the attachment's id. */
  key: string
  open(): Promise<StoredFile>
}

/**
 * MediaId of a file, uploaded once in three days.
 * @throws PermanentFailure `media_refused` for a kind or size that the platform does not take
 */
export async function uploadedMedia(account: OfficialAccount, source: MediaSource, ctx: ChannelContext): Promise<UploadedMedia> {
  const key = cacheKey(account, source.kind, source.key)
  const known = await ctx.cache.get(key)
  if (known) return { id: known, cached: true }
  const id = await upload(account, source.kind, await uploadableFile(source.kind, await source.open()), ctx)
  await ctx.cache.set(key, id, MEDIA_ID_TTL_SECONDS)
  return { id, cached: false }
}

/** The cache has no deletion: an empty value that is gone in a second is as good. */
export function forgetMedia(account: OfficialAccount, kind: MediaKind, key: string, ctx: ChannelContext): Promise<void> {
  return ctx.cache.set(cacheKey(account, kind, key), '', 1)
}

const cacheKey = (account: OfficialAccount, kind: MediaKind, key: string): string => `oa:${account.config.appId}:media:${kind}:${key}`

async function upload(
  account: OfficialAccount,
  kind: MediaKind,
  file: { name: string; mime: string; data: Buffer },
  ctx: ChannelContext,
): Promise<string> {
  const answer = await callApi(
    account,
    {
      path: '/cgi-bin/media/upload',
      query: { type: kind },
      multipart: { file: { field: 'media', ...file } },
      timeoutMs: 60_000,
      purpose: 'change',
    },
    ctx,
  )
  const media = uploadAnswer.safeParse(answer)
  if (!media.success) throw new TransientFailure('upload answer without an id')
  return 'media_id' in media.data ? media.data.media_id : media.data.thumb_media_id
}

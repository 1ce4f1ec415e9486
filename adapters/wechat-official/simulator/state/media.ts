/** Temporary media (临时素材): types, sizes, three days of life. */
import { newMediaId } from './identifiers.ts'
import type { Account, StoredMedia } from './records.ts'

export const MEDIA_LIFETIME_MS = 3 * 86_400_000
const MAX_STORED_BYTES = 64 * 1_048_576

const startsWith = (data: Buffer, ...bytes: number[]) => bytes.every((byte, index) => data[index] === byte)
const textAt = (data: Buffer, offset: number, text: string) => data.toString('latin1', offset, offset + text.length) === text

/** What a file is by its first bytes; null = nothing the platform knows. */
export const sniffMime = (data: Buffer): string | null => {
  if (startsWith(data, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (startsWith(data, 0x89, 0x50, 0x4e, 0x47)) return 'image/png'
  if (textAt(data, 0, 'GIF8')) return 'image/gif'
  if (textAt(data, 0, 'BM')) return 'image/bmp'
  if (textAt(data, 0, '#!AMR')) return 'audio/amr'
  if (textAt(data, 0, 'ID3') || (data[0] === 0xff && ((data[1] ?? 0) & 0xe0) === 0xe0)) return 'audio/mpeg'
  if (textAt(data, 4, 'ftyp')) return 'video/mp4'
  return null
}

/** Bytes of an AMR narrow-band frame after its header byte, by frame type; 20 ms each. */
const AMR_FRAME_BYTES = [12, 13, 15, 17, 19, 20, 26, 31, 5, 5, 5, 5, 0, 0, 0, 0]
const AMR_HEADER_BYTES = 6
const AMR_FRAME_MS = 20

export const amrDurationMs = (data: Buffer): number => {
  let frames = 0
  for (let offset = AMR_HEADER_BYTES; offset < data.length; frames += 1) {
    offset += 1 + (AMR_FRAME_BYTES[((data[offset] ?? 0) >> 3) & 0x0f] ?? 0)
  }
  return frames * AMR_FRAME_MS
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/bmp': 'bmp',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
}

export interface NewMedia {
  kind: StoredMedia['kind']
  data: Buffer
  mime: string
}

export const storeMedia = (account: Account, { kind, data, mime }: NewMedia, now: number): StoredMedia => {
  const mediaId = newMediaId()
  const fileName = `${mediaId}.${EXTENSIONS[mime] ?? 'bin'}`
  const media: StoredMedia = {
    mediaId,
    kind,
    mime,
    fileName,
    data,
    ...(mime === 'audio/amr' ? { durationMs: amrDurationMs(data) } : {}),
    createdAt: now,
    expiresAt: now + MEDIA_LIFETIME_MS,
    publicPath: `/mmbiz/${account.appId}/${fileName}`,
  }
  account.media.set(mediaId, media)
  forgetOldest(account)
  return media
}

const forgetOldest = (account: Account) => {
  let bytes = 0
  for (const { data } of account.media.values()) bytes += data.length
  for (const [id, { data }] of account.media) {
    if (bytes <= MAX_STORED_BYTES || account.media.size === 1) return
    account.media.delete(id)
    bytes -= data.length
  }
}

export const liveMedia = (account: Account, mediaId: string, now: number) => {
  const media = account.media.get(mediaId)
  return media && media.expiresAt > now ? media : undefined
}

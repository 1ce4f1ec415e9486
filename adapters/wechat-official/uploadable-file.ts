/** Makes a stored file into one that the platform takes: kind, size, name. */
import sharp, { type Sharp } from 'sharp'
import type { StoredFile } from '../contract/context.ts'
import { PermanentFailure } from '../contract/failures.ts'
import { MAX_FILE_BYTES, VIDEO_TYPES, VOICE_TYPES } from './capabilities.ts'

/** As the upload API calls them. `thumb` is the cover of a video, a song or a mini-program card. */
export type MediaKind = 'image' | 'voice' | 'video' | 'thumb'

export interface UploadableFile {
  name: string
  mime: string
  data: Buffer
}

/** By kind, what the platform takes as it is. */
const EXTENSIONS: Record<MediaKind, ReadonlyMap<string, string>> = {
  image: new Map([
    ['image/jpeg', 'jpg'],
    ['image/png', 'png'],
    ['image/gif', 'gif'],
    ['image/bmp', 'bmp'],
  ]),
  voice: VOICE_TYPES,
  video: VIDEO_TYPES,
  thumb: new Map(),
}
const MAX_BYTES: Record<Exclude<MediaKind, 'thumb'>, number> = {
  image: MAX_FILE_BYTES.image,
  voice: MAX_FILE_BYTES.audio,
  video: MAX_FILE_BYTES.video,
}
const MAX_THUMB_BYTES = 64 * 1024
const MAX_PIXELS = 50_000_000

/** @throws PermanentFailure `media_refused` */
export async function uploadableFile(kind: MediaKind, file: StoredFile): Promise<UploadableFile> {
  if (kind === 'thumb') return cover(await file.read())
  const limit = MAX_BYTES[kind]
  if (file.sizeBytes > limit) throw new PermanentFailure('media_refused', `${kind} larger than ${limit} bytes`)
  const mime = file.mime.split(';')[0]?.trim().toLowerCase() ?? ''
  const extension = EXTENSIONS[kind].get(mime)
  // The customer never sees the name, and a plain one cannot break the multipart header.
  if (extension !== undefined) return { name: `${kind}.${extension}`, mime, data: await file.read() }
  if (kind === 'image' && mime.startsWith('image/')) return asJpeg(await file.read(), limit)
  throw new PermanentFailure('media_refused', `${kind} of kind ${mime}`)
}

/** Screenshots and phone pictures come as WebP or AVIF, which the platform does not know. */
async function asJpeg(data: Buffer, limit: number): Promise<UploadableFile> {
  const jpeg = await image(data, (picture) => picture.flatten({ background: '#ffffff' }).jpeg({ quality: 88 }))
  if (jpeg.length > limit) throw new PermanentFailure('media_refused', `image larger than ${limit} bytes`)
  return { name: 'image.jpg', mime: 'image/jpeg', data: jpeg }
}

/** JPEG below 64 KB, in the proportions of a card. */
async function cover(data: Buffer): Promise<UploadableFile> {
  for (const quality of [80, 60, 40, 20]) {
    const jpeg = await image(data, (picture) =>
      picture.resize(520, 416, { fit: 'cover' }).flatten({ background: '#ffffff' }).jpeg({ quality }),
    )
    if (jpeg.length <= MAX_THUMB_BYTES) return { name: 'cover.jpg', mime: 'image/jpeg', data: jpeg }
  }
  throw new PermanentFailure('media_refused', 'cover larger than 64 KB')
}

async function image(data: Buffer, change: (picture: Sharp) => Sharp): Promise<Buffer> {
  try {
    return await change(sharp(data, { limitInputPixels: MAX_PIXELS }).rotate()).toBuffer()
  } catch {
    throw new PermanentFailure('media_refused', 'unreadable image')
  }
}

const PLAIN_COVER = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="520" height="416"><rect width="520" height="416" fill="#2b2f36"/>' +
    '<circle cx="260" cy="208" r="64" fill="none" stroke="#ffffff" stroke-width="8"/><path d="M240 172 L300 208 L240 244 Z" fill="#ffffff"/></svg>',
)

/** The platform demands a cover where the message has none: a dark picture with a play mark. */
export const plainCover: StoredFile = {
  name: 'cover.svg',
  mime: 'image/svg+xml',
  sizeBytes: PLAIN_COVER.length,
  read: async () => PLAIN_COVER,
}

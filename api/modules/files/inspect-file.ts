/** What a file really is, judged by its bytes; a name or a declared type is never believed. */
import { fileTypeFromBuffer } from 'file-type'
import path from 'node:path'
import sharp from 'sharp'
import { Invalid } from '../../core/errors.ts'

export interface Inspected {
  kind: 'image' | 'audio' | 'video' | 'file'
  mime: string
  data: Buffer
  width: number | null
  height: number | null
  thumbnail: Buffer | null
}

const MAX_PIXELS = 50_000_000
const THUMBNAIL_PIXELS = 480
const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'])
/** Types that a browser would run or that hide others inside. */
const REFUSED = new Set([
  'image/svg+xml',
  'text/html',
  'application/xml',
  'application/xhtml+xml',
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-shockwave-flash',
  'application/java-vm',
])
const TEXT_TYPES: Record<string, string> = {
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
}
const MARKUP = /<\s*(?:!doctype|html|svg|script|iframe|object|embed|body|head|\?xml)/i

/**
 * @param hint type named by a platform for voice formats that have no magic number of their own (raw Speex)
 * @throws Invalid `file_type_refused`, `file_empty`, `image_too_large`
 */
export async function inspectFile(data: Buffer, name: string, hint?: string): Promise<Inspected> {
  if (data.length === 0) throw new Invalid('file_empty', 'the file is empty')
  const sniffed = data.subarray(0, 6).toString('latin1') === '#!AMR\n' ? { mime: 'audio/amr' } : await fileTypeFromBuffer(data)
  const mime = sniffed?.mime ?? textType(data, name) ?? (hint === 'audio/speex' ? hint : undefined)
  if (!mime || REFUSED.has(mime)) throw new Invalid('file_type_refused', 'this type of file is not accepted', { mime: mime ?? null })
  if (IMAGES.has(mime)) return inspectImage(data, mime)
  const [top] = mime.split('/')
  return { kind: top === 'audio' || top === 'video' ? top : 'file', mime, data, width: null, height: null, thumbnail: null }
}

/** Text has no magic number: it must be UTF-8, carry a harmless ending and hold no markup that a browser could run. */
function textType(data: Buffer, name: string): string | undefined {
  const mime = TEXT_TYPES[path.extname(name).toLowerCase()]
  if (!mime || data.includes(0)) return undefined
  const text = data.toString('utf8')
  return text.includes('\ufffd') || MARKUP.test(text.slice(0, 4096)) ? undefined : mime
}

async function inspectImage(data: Buffer, mime: string): Promise<Inspected> {
  // A polyglot is an image whose bytes also read as a page; nobody needs markup inside a picture's head.
  if (MARKUP.test(data.subarray(0, 2048).toString('latin1'))) throw new Invalid('file_type_refused', 'this image carries markup', { mime })
  if (mime === 'image/bmp') return { kind: 'image', mime, data, width: null, height: null, thumbnail: null }
  try {
    const image = sharp(data, { limitInputPixels: MAX_PIXELS, animated: false, failOn: 'error' })
    const { width, height, exif } = await image.metadata()
    // Photos carry places and devices: orientation is applied, the rest dropped.
    const clean = exif && mime !== 'image/gif' ? await image.clone().rotate().toBuffer({ resolveWithObject: true }) : null
    const thumbnail = await image
      .clone()
      .rotate()
      .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .jpeg({ quality: 78 })
      .toBuffer()
    return {
      kind: 'image',
      mime,
      data: clean?.data ?? data,
      width: clean?.info.width ?? width,
      height: clean?.info.height ?? height,
      thumbnail,
    }
  } catch (error) {
    if (error instanceof Error && /pixel limit/i.test(error.message))
      throw new Invalid('image_too_large', 'the image has too many pixels', { maxPixels: MAX_PIXELS })
    throw new Invalid('file_type_refused', 'the image cannot be read', { mime })
  }
}

// eslint-disable-next-line no-control-regex -- control characters are what is refused
const FORBIDDEN_IN_NAMES = /[/\\\u0000-\u001f\u007f]/
/** Direction marks can make `exe` look like `txt`. */
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** @throws Invalid `file_name_refused` for paths and control characters */
export function checkFileName(name: string): string {
  const clean = name.normalize('NFC').replace(DIRECTION_MARKS, '').trim()
  if (FORBIDDEN_IN_NAMES.test(clean) || clean === '' || /^\.+$/.test(clean) || !clean.isWellFormed())
    throw new Invalid('file_name_refused', 'this file name is not accepted')
  if (clean.length <= 200) return clean
  const ending = path.extname(clean).slice(0, 20)
  return clean.slice(0, 200 - ending.length) + ending
}

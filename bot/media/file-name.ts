/** A name for what a platform delivered: its own where it has a usable one. */
import path from 'node:path'
import type { FetchedMedia } from '#adapters/contract/index.ts'
import type { ClaimedDownload } from '#api/modules/channels/index.ts'

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/bmp': 'bmp',
  'audio/amr': 'amr',
  'audio/speex': 'speex',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'application/pdf': 'pdf',
}

// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROL = /[\u0000-\u001f\u007f]/g

export function fileNameOf(ref: ClaimedDownload['ref'], media: Pick<FetchedMedia, 'name' | 'mime'>): string {
  const given = usable(ref.name) ?? usable(media.name)
  if (given !== undefined) return given
  const extension = EXTENSIONS[media.mime ?? ''] ?? usable(ref.format)
  return extension === undefined ? ref.type : `${ref.type}.${extension}`
}

/** The last step of whatever looks like a path, without what no file name may hold. */
function usable(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const last = path.posix.basename(name.replaceAll('\\', '/'))
  const clean = last.toWellFormed().replace(CONTROL, '').trim()
  return clean === '' || /^\.+$/.test(clean) ? undefined : clean
}

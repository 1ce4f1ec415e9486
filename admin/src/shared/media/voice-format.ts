import { hasAscii } from './bytes.ts'
import { isOggSpeex, looksLikeBareSpeex } from './speex/speex-stream.ts'

/** `native`: the browser plays it itself. */
export type VoiceFormat = 'amr' | 'speex' | 'native'

const PLAYED_BY_ALL_BROWSERS = new Set([
  'audio/mpeg',
  'audio/mp3',
  'audio/mp4',
  'audio/x-m4a',
  'audio/m4a',
  'audio/aac',
  'audio/wav',
  'audio/x-wav',
  'audio/wave',
  'audio/vnd.wave',
])

/** Whether the media type alone says that an audio element can be given the address as it is. `audio/ogg` does not: Speex hides in it too. */
export const playsAsIs = (mime: string | undefined): boolean =>
  mime !== undefined && PLAYED_BY_ALL_BROWSERS.has((mime.split(';')[0] ?? '').trim().toLowerCase())

const MPEG_SYNC = 0xe0
const isNativeContainer = (bytes: Uint8Array): boolean =>
  ['ID3', 'RIFF', 'OggS', 'fLaC', '\u001aE\u00df\u00a3'].some((magic) => hasAscii(bytes, magic)) ||
  hasAscii(bytes, 'ftyp', 4) ||
  (bytes[0] === 0xff && ((bytes[1] ?? 0) & MPEG_SYNC) === MPEG_SYNC)

/** Looks at the bytes first: WeChat names an AMR file `audio/amr`, `application/octet-stream` or nothing at all, and its Speex has no signature. */
export const voiceFormat = (bytes: Uint8Array, mime = ''): VoiceFormat => {
  if (hasAscii(bytes, '#!AMR')) return 'amr'
  if (isOggSpeex(bytes)) return 'speex'
  if (isNativeContainer(bytes)) return 'native'
  return mime.toLowerCase().includes('speex') || looksLikeBareSpeex(bytes) ? 'speex' : 'native'
}

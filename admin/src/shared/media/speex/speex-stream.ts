import { hasAscii } from '../bytes.ts'
import { oggPackets } from './ogg-packets.ts'

/** `mode` as libspeex numbers it: 0 narrowband, 1 wideband, 2 ultra-wideband. `sampleRate` in hertz. */
export type SpeexStream = { mode: number; sampleRate: number; framesPerPacket: number; packets: Uint8Array[] }

const SPEEX_SIGNATURE = 'Speex   '
const OGG_FIRST_PACKET = 28
const HEADER_BYTES = 80
const MODE_RATES = [8000, 16_000, 32_000] as const
const WIDEBAND = { mode: 1, sampleRate: 16_000, framesPerPacket: 1 }

/** One 20 ms wideband frame at the rate WeChat encodes with (quality 7, 23.8 kbit/s). */
const BARE_FRAME_BYTES = 60
/** The widest wideband frame (42.2 kbit/s); anything longer is no length byte. */
const MAX_FRAME_BYTES = 106
/** How many frames must look alike before bytes without any signature are taken for Speex. */
const CONVINCING_FRAMES = 5

export const isOggSpeex = (bytes: Uint8Array): boolean => hasAscii(bytes, 'OggS') && hasAscii(bytes, SPEEX_SIGNATURE, OGG_FIRST_PACKET)

/** Ogg Speex, as other platforms and recorders write it. https://www.speex.org/docs/manual/speex-manual/node8.html */
const oggStream = (bytes: Uint8Array): SpeexStream | null => {
  const [header, , ...rest] = oggPackets(bytes)
  if (!header || header.length < HEADER_BYTES) return null
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const mode = view.getInt32(40, true)
  const usualRate = MODE_RATES[mode]
  if (usualRate === undefined) return null
  const declared = view.getInt32(36, true)
  return {
    mode,
    sampleRate: declared >= 6000 && declared <= 48_000 ? declared : usualRate,
    framesPerPacket: Math.min(10, Math.max(1, view.getInt32(64, true))),
    packets: rest.slice(Math.max(0, view.getInt32(68, true))),
  }
}

/** `audio/x-speex-with-header-byte`: before each frame one byte with its length. */
const lengthPrefixed = (bytes: Uint8Array): Uint8Array[] | null => {
  const packets: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const size = bytes[at] ?? 0
    if (size === 0 || size > MAX_FRAME_BYTES || at + 1 + size > bytes.length) return null
    packets.push(bytes.subarray(at + 1, at + 1 + size))
    at += 1 + size
  }
  return packets
}

/** A frame begins with a 0 bit (narrowband part), then four bits that name its rate: the same in every frame of a constant-rate file. */
const rateBits = (frame: Uint8Array): number => (frame[0] ?? 0x80) >> 3

/** What WeChat's own decoder sample reads: frames of 60 bytes with nothing between them; the rest at the end is dropped. */
const bareFrames = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.floor(bytes.length / BARE_FRAME_BYTES) }, (_, index) =>
    bytes.subarray(index * BARE_FRAME_BYTES, (index + 1) * BARE_FRAME_BYTES),
  )

/** Bytes without a signature that nevertheless have the build of WeChat's Speex files. */
export const looksLikeBareSpeex = (bytes: Uint8Array): boolean => {
  const frames = lengthPrefixed(bytes) ?? bareFrames(bytes)
  const first = frames[0]
  if (!first || frames.length < CONVINCING_FRAMES) return false
  return rateBits(first) < 0x10 && frames.every((frame) => rateBits(frame) === rateBits(first))
}

/**
 * Finds the frames in a Speex file: Ogg, or one of the two framings of WeChat (both wideband, 16 kHz), which have no header at all.
 * Null when there is nothing to decode.
 */
export const speexStream = (bytes: Uint8Array): SpeexStream | null => {
  const stream = isOggSpeex(bytes) ? oggStream(bytes) : { ...WIDEBAND, packets: lengthPrefixed(bytes) ?? bareFrames(bytes) }
  return stream && stream.packets.length > 0 ? stream : null
}

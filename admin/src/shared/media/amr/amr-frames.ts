import { hasAscii } from '../bytes.ts'

/**
 * Bytes per frame with its first byte, by frame type (RFC 4867, section 5; 3GPP TS 26.101 and 26.201). 1 = no speech in this frame.
 */
const NARROWBAND_SIZES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 6, 6, 6, 1, 1, 1, 1] as const
const WIDEBAND_SIZES = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1] as const
const FRAME_MS = 20

const framing = (bytes: Uint8Array) => {
  if (hasAscii(bytes, '#!AMR\n')) return { headerBytes: 6, sizes: NARROWBAND_SIZES }
  if (hasAscii(bytes, '#!AMR-WB\n')) return { headerBytes: 9, sizes: WIDEBAND_SIZES }
  return null
}

/** Length of an AMR file in milliseconds, read off its frame headers without decoding; null when it is no AMR file of one channel. */
export const amrDurationMs = (bytes: Uint8Array): number | null => {
  const format = framing(bytes)
  if (!format) return null
  let frames = 0
  for (let at = format.headerBytes; at < bytes.length;) {
    const size = format.sizes[((bytes[at] ?? 0) >> 3) & 0x0f]
    if (size === undefined || at + size > bytes.length) break
    frames += 1
    at += size
  }
  return frames * FRAME_MS
}

import { hasAscii } from '../bytes.ts'

const PAGE_HEADER_BYTES = 27
const FULL_SEGMENT = 255

const concat = (chunks: Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** The packets of the first stream in an Ogg file (RFC 3533). A page cut off at the end gives what it holds in whole packets. */
export const oggPackets = (bytes: Uint8Array): Uint8Array[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const packets: Uint8Array[] = []
  let parts: Uint8Array[] = []
  let stream: number | undefined
  for (let page = 0; page + PAGE_HEADER_BYTES <= bytes.length && hasAscii(bytes, 'OggS', page);) {
    const serial = view.getUint32(page + 14, true)
    stream ??= serial
    const lacing = bytes.subarray(page + PAGE_HEADER_BYTES, page + PAGE_HEADER_BYTES + (bytes[page + 26] ?? 0))
    let at = page + PAGE_HEADER_BYTES + lacing.length
    for (const size of lacing) {
      if (at + size > bytes.length) return packets
      if (serial === stream) {
        parts.push(bytes.subarray(at, at + size))
        if (size < FULL_SEGMENT) {
          packets.push(concat(parts))
          parts = []
        }
      }
      at += size
    }
    page = at
  }
  return packets
}

import { createEncoder } from 'wasm-media-encoders'

/** Speech needs no more, and a minute is 240 kB. */
export const VOICE_RATE = 16_000
const KILOBITS = 32

/** One channel of sound at `VOICE_RATE` as MP3: the one format that official accounts take and every browser plays. @param codec LAME, as WebAssembly or its address */
export const mp3Of = async (samples: Float32Array, codec: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
  const encoder = await createEncoder('audio/mpeg', codec)
  encoder.configure({ sampleRate: VOICE_RATE, channels: 1, bitrate: KILOBITS, outputSampleRate: VOICE_RATE })
  // Each answer is a view of the codec's memory, which the next call writes over.
  const body = encoder.encode([samples]).slice()
  const rest = encoder.finalize()
  const file = new Uint8Array(body.length + rest.length)
  file.set(body)
  file.set(rest, body.length)
  return file
}

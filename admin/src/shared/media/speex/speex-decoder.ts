import { MAX_VOICE_SECONDS, VoiceUnplayable, type Pcm } from '../pcm.ts'
import { speexStream, type SpeexStream } from './speex-stream.ts'

/** The shortest frame: 20 ms in every mode. */
const FRAMES_PER_SECOND = 50

type Codec = {
  frameSamples: number
  /** Loads one packet and returns its next frame at every call, null when it is used up or damaged. The frame is valid until the next call. */
  load(packet: Uint8Array): () => Int16Array | null
}

const callable = (exports: WebAssembly.Exports, name: string) => {
  const found = exports[name]
  if (typeof found !== 'function') throw new TypeError(`The Speex decoder has no function ${name}`)
  return (...numbers: number[]) => Number(Reflect.apply(found, undefined, numbers))
}

const openCodec = async (wasm: WebAssembly.Module, mode: number): Promise<Codec> => {
  const { exports } = await WebAssembly.instantiate(wasm)
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('The Speex decoder has no memory')
  const frameSamples = callable(exports, 'open_stream')(mode)
  const capacity = callable(exports, 'packet_capacity')()
  const packetAt = callable(exports, 'packet_buffer')()
  const frameAt = callable(exports, 'frame_buffer')()
  const loadPacket = callable(exports, 'load_packet')
  const decodeFrame = callable(exports, 'decode_frame')
  return {
    frameSamples,
    load(packet) {
      const fitting = packet.subarray(0, capacity)
      new Uint8Array(memory.buffer).set(fitting, packetAt)
      loadPacket(fitting.length)
      return () => (decodeFrame() === 0 ? new Int16Array(memory.buffer, frameAt, frameSamples) : null)
    },
  }
}

const decodeStream = (stream: SpeexStream, codec: Codec): Int16Array<ArrayBuffer> => {
  const samples = new Int16Array(stream.packets.length * stream.framesPerPacket * codec.frameSamples)
  let filled = 0
  for (const packet of stream.packets) {
    const nextFrame = codec.load(packet)
    for (let count = 0; count < stream.framesPerPacket; count += 1) {
      const frame = nextFrame()
      if (!frame) break
      samples.set(frame, filled)
      filled += frame.length
    }
  }
  return samples.slice(0, filled)
}

/**
 * Decodes Speex (Ogg or WeChat's own framing) with libspeex.
 * `wasm`: the compiled `speex-decoder.wasm`; it imports nothing, and every call takes a fresh instance, so nothing needs to be freed.
 * Throws VoiceUnplayable.
 */
export const decodeSpeex = async (bytes: Uint8Array, wasm: WebAssembly.Module): Promise<Pcm> => {
  const stream = speexStream(bytes)
  if (!stream) throw new VoiceUnplayable('damaged')
  if (stream.packets.length * stream.framesPerPacket > MAX_VOICE_SECONDS * FRAMES_PER_SECOND) throw new VoiceUnplayable('too_long')
  const codec = await openCodec(wasm, stream.mode)
  const samples = decodeStream(stream, codec)
  if (samples.length === 0) throw new VoiceUnplayable('damaged')
  return { samples, sampleRate: stream.sampleRate }
}

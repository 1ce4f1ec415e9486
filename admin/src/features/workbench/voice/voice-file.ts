import { VoiceUnrecorded } from './microphone.ts'
import { VOICE_RATE } from './mp3.ts'

/** Shorter is a slip of the finger. */
const SHORTEST_SECONDS = 0.5

/** All channels as one, at the rate of the file. */
const samplesOf = async (recorded: Blob): Promise<Float32Array<ArrayBuffer>> => {
  const context = new OfflineAudioContext({ numberOfChannels: 1, length: VOICE_RATE, sampleRate: VOICE_RATE })
  const sound = await context.decodeAudioData(await recorded.arrayBuffer())
  if (sound.duration < SHORTEST_SECONDS) throw new VoiceUnrecorded('short')
  const [first = new Float32Array(0), ...others] = Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at))
  return first.map((value, at) => others.reduce((sum, channel) => sum + (channel[at] ?? 0), value) / sound.numberOfChannels)
}

/** In a worker: a minute of speech takes longer than a frame of the screen. Loaded with the first voice, gone after each. */
const encoded = (samples: Float32Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mp3.worker.ts', import.meta.url), { type: 'module' })
    const end = (file: Uint8Array<ArrayBuffer> | null): void => {
      worker.terminate()
      if (file === null) reject(new VoiceUnrecorded('failed'))
      else resolve(file)
    }
    worker.addEventListener('message', ({ data }: MessageEvent<Uint8Array<ArrayBuffer> | null>) => end(data))
    worker.addEventListener('error', () => end(null))
    worker.postMessage(samples, [samples.buffer])
  })

/** What was recorded, as a file that every channel with voices takes. @throws VoiceUnrecorded */
export const voiceFile = async (recorded: Blob, name: string): Promise<File> => {
  const samples = await samplesOf(recorded).catch((error: unknown) => {
    throw error instanceof VoiceUnrecorded ? error : new VoiceUnrecorded('failed', { cause: error })
  })
  return new File([await encoded(samples)], `${name}.mp3`, { type: 'audio/mpeg' })
}

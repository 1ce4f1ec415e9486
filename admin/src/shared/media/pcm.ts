/** Decoded voice: one channel of 16-bit samples. `sampleRate` in hertz. */
export type Pcm = { samples: Int16Array<ArrayBuffer>; sampleRate: number }

/** WeChat ends a voice after 60 s; a file that claims more than this is refused before it fills the memory of the agent's browser. */
export const MAX_VOICE_SECONDS = 600

/** `damaged`: not what it claims to be; `too_long`: beyond MAX_VOICE_SECONDS; `unavailable`: could not be fetched. */
export type VoiceProblem = 'damaged' | 'too_long' | 'unavailable'

export class VoiceUnplayable extends Error {
  readonly problem: VoiceProblem

  constructor(problem: VoiceProblem, options?: ErrorOptions) {
    super(`The voice cannot be played: ${problem}`, options)
    this.problem = problem
  }
}

const HEADER_BYTES = 44
const SAMPLE_BYTES = 2

/** A WAV file (RIFF, PCM, 16 bit, mono): the one container of raw sound that every browser plays, seeks and speeds up without losing the pitch. */
export const wavOf = ({ samples, sampleRate }: Pcm): Uint8Array<ArrayBuffer> => {
  const dataBytes = samples.length * SAMPLE_BYTES
  const file = new Uint8Array(HEADER_BYTES + dataBytes)
  const view = new DataView(file.buffer)
  file.set(new TextEncoder().encode('RIFF'), 0)
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true)
  file.set(new TextEncoder().encode('WAVEfmt '), 8)
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * SAMPLE_BYTES, true)
  view.setUint16(32, SAMPLE_BYTES, true)
  view.setUint16(34, 8 * SAMPLE_BYTES, true)
  file.set(new TextEncoder().encode('data'), 36)
  view.setUint32(40, dataBytes, true)
  // Typed arrays have the byte order of the machine: little-endian, as WAV wants it, wherever a browser runs.
  new Int16Array(file.buffer, HEADER_BYTES).set(samples)
  return file
}

export const durationMsOf = ({ samples, sampleRate }: Pcm): number => Math.round((samples.length / sampleRate) * 1000)

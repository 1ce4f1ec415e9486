/** `insecure`: the page was not opened by https, so no browser hands out a microphone; `failed`: it gave nothing usable. */
export type VoiceFault = 'insecure' | 'denied' | 'missing' | 'short' | 'failed'

export class VoiceUnrecorded extends Error {
  readonly fault: VoiceFault

  constructor(fault: VoiceFault, options?: ErrorOptions) {
    super(`No voice was recorded: ${fault}`, options)
    this.fault = fault
  }
}

export interface Recording {
  /** How loud it is just now, 0 … 1. */
  level: () => number
  /** Ends it and gives the sound back, in whatever container this browser writes. */
  finish: () => Promise<Blob>
  /** Ends it and forgets it. Harmless when it has ended. */
  cancel: () => void
}

const faultOf = (error: unknown): VoiceFault => {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'failed'
}

const askForSound = async (): Promise<MediaStream> => {
  if (!isSecureContext || !('mediaDevices' in navigator)) throw new VoiceUnrecorded('insecure')
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } })
  } catch (error) {
    throw new VoiceUnrecorded(faultOf(error), { cause: error })
  }
}

/** Loudness of a stream, for the eye. */
const meterOf = (stream: MediaStream): { level: () => number; close: () => void } => {
  const audio = new AudioContext()
  const analyser = audio.createAnalyser()
  analyser.fftSize = 512
  audio.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const level = (): number => {
    analyser.getFloatTimeDomainData(samples)
    return Math.min(1, Math.max(...samples.map(Math.abs)))
  }
  return { level, close: () => void audio.close() }
}

/** Asks for the microphone and records from it. @throws VoiceUnrecorded */
export const openMicrophone = async (): Promise<Recording> => {
  const stream = await askForSound()
  const meter = meterOf(stream)
  const recorder = new MediaRecorder(stream)
  const pieces: Blob[] = []
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()))
  recorder.addEventListener('dataavailable', ({ data }) => void pieces.push(data))
  recorder.start()
  let released = false
  const cancel = (): void => {
    if (released) return
    released = true
    if (recorder.state !== 'inactive') recorder.stop()
    for (const track of stream.getTracks()) track.stop()
    meter.close()
  }
  const finish = async (): Promise<Blob> => {
    cancel()
    await ended
    return new Blob(pieces, { type: recorder.mimeType })
  }
  return { level: meter.level, finish, cancel }
}

import { createDecoderClient } from './decoder-client.ts'
import { durationMsOf, VoiceUnplayable, wavOf } from './pcm.ts'
import { playsAsIs, voiceFormat } from './voice-format.ts'

/** What an audio element can be given. `durationMs` is known once we decoded; `close` gives the memory back. */
export type VoiceSource = { src: string; durationMs: number | null; close: () => void }

const decoders = {
  amr: createDecoderClient(() => new Worker(new URL('./amr/amr.worker.ts', import.meta.url), { type: 'module' })),
  speex: createDecoderClient(() => new Worker(new URL('./speex/speex.worker.ts', import.meta.url), { type: 'module' })),
}

const download = async (url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
  const answer = await fetch(url, { signal, credentials: 'same-origin' })
  if (!answer.ok) throw new VoiceUnplayable('unavailable')
  return new Uint8Array(await answer.arrayBuffer())
}

const fromBlob = (blob: Blob, durationMs: number | null): VoiceSource => {
  const src = URL.createObjectURL(blob)
  return { src, durationMs, close: () => URL.revokeObjectURL(src) }
}

/**
 * Makes a voice message playable: mp3 and the like stream from their own address, AMR and Speex are fetched and decoded into a WAV in memory.
 * Throws VoiceUnplayable, or whatever `signal` was aborted with.
 */
export const openVoice = async (voice: { url: string; mime?: string | undefined }, signal: AbortSignal): Promise<VoiceSource> => {
  if (playsAsIs(voice.mime)) return { src: voice.url, durationMs: null, close: () => {} }
  const bytes = await download(voice.url, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    throw error instanceof VoiceUnplayable ? error : new VoiceUnplayable('unavailable', { cause: error })
  })
  const format = voiceFormat(bytes, voice.mime)
  if (format === 'native') return fromBlob(new Blob([bytes], voice.mime ? { type: voice.mime } : {}), null)
  const pcm = await decoders[format](bytes)
  signal.throwIfAborted()
  return fromBlob(new Blob([wavOf(pcm)], { type: 'audio/wav' }), durationMsOf(pcm))
}

import decode from '@audio/decode-amr'
import { MAX_VOICE_SECONDS, VoiceUnplayable, type Pcm } from '../pcm.ts'
import { amrDurationMs } from './amr-frames.ts'

const toInt16 = (sound: Float32Array): Int16Array<ArrayBuffer> =>
  Int16Array.from(sound, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32768))))

/** Decodes AMR narrowband (8 kHz, what WeChat sends) or wideband (16 kHz). Throws VoiceUnplayable. */
export const decodeAmr = async (bytes: Uint8Array): Promise<Pcm> => {
  const durationMs = amrDurationMs(bytes)
  if (!durationMs) throw new VoiceUnplayable('damaged')
  if (durationMs > MAX_VOICE_SECONDS * 1000) throw new VoiceUnplayable('too_long')
  const { channelData, sampleRate } = await decode(bytes)
  const sound = channelData[0]
  if (!sound) throw new VoiceUnplayable('damaged')
  return { samples: toInt16(sound), sampleRate }
}

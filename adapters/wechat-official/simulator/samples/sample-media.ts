/** Small files of our own that a phone can send; `make-samples.ts` draws them anew. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const SAMPLES = {
  image: { kind: 'image', file: 'parcel.jpg', mime: 'image/jpeg' },
  screenshot: { kind: 'image', file: 'screenshot.png', mime: 'image/png' },
  voice: { kind: 'voice', file: 'voice.amr', mime: 'audio/amr' },
  video: { kind: 'video', file: 'clip.mp4', mime: 'video/mp4' },
  thumb: { kind: 'thumb', file: 'thumb.jpg', mime: 'image/jpeg' },
} as const
export type SampleName = keyof typeof SAMPLES

const isSampleName = (name: string): name is SampleName => Object.hasOwn(SAMPLES, name)

export const readSample = (name: string): Buffer | null =>
  isSampleName(name) ? readFileSync(fileURLToPath(new URL(SAMPLES[name].file, import.meta.url))) : null

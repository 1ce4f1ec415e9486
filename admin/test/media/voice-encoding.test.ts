import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import { fileTypeFromBuffer } from 'file-type'
import { mp3Of, VOICE_RATE } from '../../src/features/workbench/voice/mp3.ts'

const codec = () => readFile(createRequire(import.meta.url).resolve('wasm-media-encoders/wasm/mp3'))
const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * VOICE_RATE }, (_, at) => 0.5 * Math.sin((2 * Math.PI * 440 * at) / VOICE_RATE))

describe('BP-004.1 a recorded voice', () => {
  it('becomes an MP3 by its bytes, and a minute of it stays far below what WeChat takes', async () => {
    const file = Buffer.from(await mp3Of(tone(60), await codec()))
    // As the server looks at it, whatever its name says.
    expect(await fileTypeFromBuffer(file)).toMatchObject({ mime: 'audio/mpeg' })
    expect(file.length).toBeGreaterThan(200_000)
    expect(file.length).toBeLessThan(300_000)
  })

  it('is a file of its own each time, not a view of what the codec writes next', async () => {
    const [one, other] = [await mp3Of(tone(1), await codec()), await mp3Of(new Float32Array(VOICE_RATE), await codec())]
    expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false)
    expect(Buffer.from(await mp3Of(tone(1), await codec())).equals(Buffer.from(one))).toBe(true)
  })
})

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { decodeAmr } from '../../src/shared/media/amr/amr-decoder.ts'
import { amrDurationMs } from '../../src/shared/media/amr/amr-frames.ts'
import { durationMsOf, MAX_VOICE_SECONDS, VoiceUnplayable, wavOf, type Pcm } from '../../src/shared/media/pcm.ts'
import { decodeSpeex } from '../../src/shared/media/speex/speex-decoder.ts'
import { playsAsIs, voiceFormat } from '../../src/shared/media/voice-format.ts'

/** The fixtures are 0.6 s of this tone, encoded by the reference encoders (opencore-amr, vo-amrwbenc, speexenc). */
const TONE_HERTZ = 440

const fixture = async (name: string) => new Uint8Array(await readFile(new URL(`./fixtures/${name}`, import.meta.url)))
const speexModule = async () =>
  WebAssembly.compile(await readFile(new URL('../../src/shared/media/speex/speex-decoder.wasm', import.meta.url)))

/** Share of the sound's energy at one frequency (Goertzel), past the encoder's warm-up. */
const energyShareAt = (hertz: number, { samples, sampleRate }: Pcm): number => {
  const sound = samples.slice(Math.floor(samples.length / 4))
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate)
  let previous = 0
  let beforePrevious = 0
  let total = 0
  for (const sample of sound) {
    ;[previous, beforePrevious] = [sample + coefficient * previous - beforePrevious, previous]
    total += sample * sample
  }
  const power = previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious
  return (2 * power) / (sound.length * total)
}

const expectTone = (pcm: Pcm, sampleRate: number) => {
  expect(pcm.sampleRate).toBe(sampleRate)
  expect(durationMsOf(pcm)).toBeGreaterThanOrEqual(580)
  expect(durationMsOf(pcm)).toBeLessThanOrEqual(680)
  expect(energyShareAt(TONE_HERTZ, pcm)).toBeGreaterThan(0.8)
  expect(energyShareAt(TONE_HERTZ * 1.5, pcm)).toBeLessThan(0.05)
}

describe('BP-004.1 AMR voices', () => {
  it.each([
    ['tone-narrowband.amr', 8000],
    ['tone-wideband.amr', 16_000],
  ])('turns %s into the sound that was recorded', async (name, rate) => {
    expectTone(await decodeAmr(await fixture(name)), rate)
  })

  it('reads the length off the frames without decoding', async () => {
    const bytes = await fixture('tone-narrowband.amr')
    expect(amrDurationMs(bytes)).toBe(durationMsOf(await decodeAmr(bytes)))
  })

  it('plays what there is of a file cut in the middle of a frame', async () => {
    const bytes = await fixture('tone-narrowband.amr')
    expect(durationMsOf(await decodeAmr(bytes.subarray(0, bytes.length - 5)))).toBe(580)
  })

  it('refuses a file without frames and one without the AMR signature', async () => {
    await expect(decodeAmr(new TextEncoder().encode('#!AMR\n'))).rejects.toMatchObject({ problem: 'damaged' })
    await expect(decodeAmr(new Uint8Array(64))).rejects.toBeInstanceOf(VoiceUnplayable)
  })

  it('refuses a small file that would unfold into hours of sound', async () => {
    const silentFrames = new Uint8Array(MAX_VOICE_SECONDS * 50 + 1).fill(0x7c)
    const bytes = new Uint8Array([...new TextEncoder().encode('#!AMR\n'), ...silentFrames])
    await expect(decodeAmr(bytes)).rejects.toMatchObject({ problem: 'too_long' })
  })
})

describe('BP-004.1 Speex voices', () => {
  it.each([
    ['tone-narrowband.spx', 8000],
    ['tone-wideband.spx', 16_000],
    ['tone-grouped.spx', 16_000],
    ['wechat-bare.speex', 16_000],
    ['wechat-length-prefixed.speex', 16_000],
  ])('turns %s into the sound that was recorded', async (name, rate) => {
    expectTone(await decodeSpeex(await fixture(name), await speexModule()), rate)
  })

  it('hears the same in all three framings', async () => {
    const wasm = await speexModule()
    const ogg = await decodeSpeex(await fixture('tone-wideband.spx'), wasm)
    expect(await decodeSpeex(await fixture('wechat-bare.speex'), wasm)).toEqual(ogg)
    expect(await decodeSpeex(await fixture('wechat-length-prefixed.speex'), wasm)).toEqual(ogg)
  })

  it('plays what there is of a file cut short', async () => {
    const bytes = await fixture('tone-wideband.spx')
    const pcm = await decodeSpeex(bytes.subarray(0, bytes.length - 400), await speexModule())
    expect(durationMsOf(pcm)).toBeGreaterThan(400)
  })

  it('refuses an empty file, a bare Ogg header and noise that is no Speex', async () => {
    const wasm = await speexModule()
    const header = (await fixture('tone-wideband.spx')).subarray(0, 108)
    await expect(decodeSpeex(new Uint8Array(), wasm)).rejects.toMatchObject({ problem: 'damaged' })
    await expect(decodeSpeex(header, wasm)).rejects.toMatchObject({ problem: 'damaged' })
    await expect(decodeSpeex(new Uint8Array(600).fill(0xff), wasm)).rejects.toMatchObject({ problem: 'damaged' })
  })

  it('survives every single damaged byte of a file', async () => {
    const wasm = await speexModule()
    const whole = await fixture('wechat-bare.speex')
    for (let at = 0; at < whole.length; at += 37) {
      const damaged = whole.slice()
      damaged[at] = 255 - (damaged[at] ?? 0)
      await expect(decodeSpeex(damaged, wasm)).resolves.toMatchObject({ sampleRate: 16_000 })
    }
  })
})

describe('which decoder a voice needs', () => {
  it.each([
    ['tone-narrowband.amr', 'application/octet-stream', 'amr'],
    ['tone-wideband.amr', 'audio/speex', 'amr'],
    ['tone-narrowband.spx', 'audio/ogg', 'speex'],
    ['wechat-bare.speex', 'audio/speex', 'speex'],
    ['wechat-bare.speex', '', 'speex'],
    ['wechat-length-prefixed.speex', 'application/octet-stream', 'speex'],
  ])('knows %s sent as "%s" for %s by its bytes', async (name, mime, format) => {
    expect(voiceFormat(await fixture(name), mime)).toBe(format)
  })

  it('leaves mp3, m4a, WAV and anything unknown to the browser', () => {
    const text = (value: string) => new TextEncoder().encode(value)
    expect(voiceFormat(text('ID3\u0003rest'), 'audio/speex')).toBe('native')
    expect(voiceFormat(new Uint8Array([0xff, 0xfb, 0x90, 0x64]))).toBe('native')
    expect(voiceFormat(text('\0\0\0\u0018ftypM4A '))).toBe('native')
    expect(voiceFormat(text('{"errcode":40007,"errmsg":"invalid media_id"}'), 'audio/amr')).toBe('native')
  })

  it('streams only types that every browser plays from their own address', () => {
    expect(playsAsIs('audio/mpeg')).toBe(true)
    expect(playsAsIs('Audio/MP4; codecs="mp4a"')).toBe(true)
    expect(playsAsIs('audio/ogg')).toBe(false)
    expect(playsAsIs(undefined)).toBe(false)
  })
})

describe('the WAV handed to the audio element', () => {
  it('carries rate, length and every sample', () => {
    const file = wavOf({ samples: new Int16Array([1, -2, 32_767, -32_768]), sampleRate: 8000 })
    const view = new DataView(file.buffer)
    expect(new TextDecoder().decode(file.subarray(0, 4)) + new TextDecoder().decode(file.subarray(8, 16))).toBe('RIFFWAVEfmt ')
    expect(view.getUint32(4, true)).toBe(file.length - 8)
    expect(view.getUint32(24, true)).toBe(8000)
    expect(view.getUint32(40, true)).toBe(8)
    expect([0, 1, 2, 3].map((index) => view.getInt16(44 + index * 2, true))).toEqual([1, -2, 32_767, -32_768])
  })
})

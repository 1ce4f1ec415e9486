import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { effectScope, nextTick, reactive, type EffectScope } from 'vue'
import { VoiceUnplayable } from './pcm.ts'
import { clockTime } from './voice-clock.ts'
import type { Voice } from './voice-playback.ts'
import { nextVoiceSpeed, useVoicePlayer, voiceSpeed } from './voice-player.ts'
import type { VoiceSource } from './voice-source.ts'

class FakeAudio extends EventTarget {
  src = ''
  currentTime = 0
  duration = Number.NaN
  playbackRate = 1
  defaultPlaybackRate = 1
  paused = true
  refusal: Error | undefined
  async play() {
    if (this.refusal) throw this.refusal
    this.paused = false
    this.dispatchEvent(new Event('playing'))
  }
  pause() {
    if (this.paused) return
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
  removeAttribute() {
    this.src = ''
  }
}

let scope: EffectScope
beforeEach(() => {
  scope = effectScope()
  voiceSpeed.value = 1
})
afterEach(() => scope.stop())

const setUp = (voice: Voice = { url: '/v', mime: 'audio/amr' }, refusal?: Error) => {
  const audios: FakeAudio[] = []
  const closed: string[] = []
  const opened: { settle: (result: Partial<VoiceSource> | Error) => Promise<void>; signal: AbortSignal }[] = []
  const open = ({ url }: Voice, signal: AbortSignal) =>
    new Promise<VoiceSource>((resolve, reject) => {
      const settle = async (result: Partial<VoiceSource> | Error) => {
        if (result instanceof Error) reject(result)
        else resolve({ src: `blob:${url}`, durationMs: 3000, close: () => closed.push(url), ...result })
        await nextTick()
        await nextTick()
      }
      opened.push({ settle, signal })
    })
  const createAudio = () => {
    const audio = new FakeAudio()
    audio.refusal = refusal
    audios.push(audio)
    return audio as unknown as HTMLAudioElement
  }
  const player = scope.run(() => useVoicePlayer(() => voice, { open, createAudio }))
  if (!player) throw new Error('the scope has ended')
  return { player, audios, opened, closed }
}

describe('BP-004.1 playing a voice', () => {
  it('fetches nothing before the first play, then plays and keeps what it fetched', async () => {
    const { player, audios, opened } = setUp()
    expect(opened).toHaveLength(0)
    player.toggle()
    expect(player.state.value).toBe('loading')
    await opened[0]?.settle({})
    expect(player.state.value).toBe('playing')
    expect(player.durationMs.value).toBe(3000)
    player.toggle()
    expect(player.state.value).toBe('paused')
    player.toggle()
    await nextTick()
    expect(player.state.value).toBe('playing')
    expect(opened).toHaveLength(1)
    expect(audios).toHaveLength(1)
  })

  it('silences the voice that plays when another one starts', async () => {
    const first = setUp()
    const second = setUp()
    first.player.toggle()
    await first.opened[0]?.settle({})
    second.player.toggle()
    expect(first.player.state.value).toBe('paused')
    await second.opened[0]?.settle({})
    expect(second.player.state.value).toBe('playing')
  })

  it('never starts a voice that was cancelled, or overtaken by another, while it loaded', async () => {
    const first = setUp()
    const second = setUp()
    first.player.toggle()
    second.player.toggle()
    expect(first.opened[0]?.signal.aborted).toBe(true)
    await first.opened[0]?.settle({})
    expect(first.player.state.value).toBe('idle')
    expect(first.audios).toHaveLength(0)
    expect(first.closed).toEqual(['/v'])
    await second.opened[0]?.settle({})
    expect(second.player.state.value).toBe('playing')
  })

  it('begins anew after the end', async () => {
    const { player, audios, opened } = setUp()
    player.toggle()
    await opened[0]?.settle({})
    const [audio] = audios
    if (!audio) throw new Error('no audio')
    audio.currentTime = 3
    audio.dispatchEvent(new Event('timeupdate'))
    expect(player.positionMs.value).toBe(3000)
    audio.pause()
    audio.dispatchEvent(new Event('ended'))
    expect(player.state.value).toBe('paused')
    expect(player.positionMs.value).toBe(0)
  })

  it('seeks, and speaks at the speed chosen for all voices', async () => {
    nextVoiceSpeed()
    const { player, audios, opened } = setUp()
    player.toggle()
    await opened[0]?.settle({})
    expect(audios[0]?.playbackRate).toBe(1.5)
    nextVoiceSpeed()
    await nextTick()
    expect(audios[0]?.playbackRate).toBe(2)
    player.seek(1500)
    expect(audios[0]?.currentTime).toBe(1.5)
    nextVoiceSpeed()
    expect(voiceSpeed.value).toBe(1)
  })

  it('says what went wrong and can try again', async () => {
    const { player, opened } = setUp()
    player.toggle()
    await opened[0]?.settle(new VoiceUnplayable('unavailable'))
    expect(player.state.value).toBe('failed')
    expect(player.problem.value).toBe('unavailable')
    player.toggle()
    await opened[1]?.settle({})
    expect(player.state.value).toBe('playing')
    expect(player.problem.value).toBeNull()
  })

  it('fails when the browser cannot read the sound', async () => {
    const { player, audios, opened, closed } = setUp()
    player.toggle()
    await opened[0]?.settle({})
    audios[0]?.dispatchEvent(new Event('error'))
    expect(player.state.value).toBe('failed')
    expect(closed).toEqual(['/v'])
  })

  it('waits for another click when the browser asks for one', async () => {
    const { player, audios, opened } = setUp({ url: '/v' }, Object.assign(new Error('no gesture'), { name: 'NotAllowedError' }))
    player.toggle()
    await opened[0]?.settle({})
    expect(player.state.value).toBe('paused')
    for (const audio of audios) audio.refusal = undefined
    player.toggle()
    await nextTick()
    expect(player.state.value).toBe('playing')
    expect(opened).toHaveLength(1)
  })

  it('lets go of a voice whose place another one takes', async () => {
    const voice = reactive({ url: '/first' })
    const { player, opened, closed } = setUp(voice)
    player.toggle()
    await opened[0]?.settle({})
    voice.url = '/second'
    await nextTick()
    expect(closed).toEqual(['/first'])
    expect(player.state.value).toBe('idle')
    expect(player.durationMs.value).toBeNull()
  })

  it('gives everything back when its message leaves the screen', async () => {
    const { player, audios, opened, closed } = setUp()
    player.toggle()
    await opened[0]?.settle({})
    scope.stop()
    expect(audios[0]?.paused).toBe(true)
    expect(audios[0]?.src).toBe('')
    expect(closed).toEqual(['/v'])
  })
})

describe('the time of a voice', () => {
  it.each([
    [0, '0:00'],
    [400, '0:01'],
    [1999, '0:01'],
    [60_000, '1:00'],
    [83_400, '1:23'],
  ])('shows %d ms as %s', (ms, shown) => {
    expect(clockTime(ms)).toBe(shown)
  })
})

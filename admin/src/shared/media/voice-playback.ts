import { ref } from 'vue'
import { VoiceUnplayable, type VoiceProblem } from './pcm.ts'
import { openVoice, type VoiceSource } from './voice-source.ts'
import { giveUpVoiceTurn, takeVoiceTurn } from './voice-turn.ts'

export type Voice = { url: string; mime?: string | undefined; durationMs?: number | undefined }
export type VoiceState = 'idle' | 'loading' | 'playing' | 'paused' | 'failed'
/** What a playback takes from the browser, so that tests bring their own. */
export type VoiceOutside = { open: typeof openVoice; createAudio: () => HTMLAudioElement }

const BROWSER: VoiceOutside = { open: openVoice, createAudio: () => new Audio() }

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name

/** One voice message in the hands of one player. Nothing is fetched before the first play; `letGo` gives back what was. */
export class VoicePlayback {
  readonly state = ref<VoiceState>('idle')
  readonly problem = ref<VoiceProblem | null>(null)
  readonly positionMs = ref(0)
  readonly durationMs = ref<number | null>(null)
  readonly #voice: Voice
  readonly #outside: VoiceOutside
  #speed: number
  #audio: HTMLAudioElement | undefined
  #source: VoiceSource | undefined
  #opening: AbortController | undefined

  constructor(voice: Voice, speed: number, outside: VoiceOutside = BROWSER) {
    this.#voice = { ...voice }
    this.#outside = outside
    this.#speed = speed
    this.durationMs.value = voice.durationMs ?? null
  }

  async play(): Promise<void> {
    takeVoiceTurn(this.pause)
    this.state.value = 'loading'
    this.problem.value = null
    const { signal } = (this.#opening = new AbortController())
    try {
      if (!this.#source) await this.#load(signal)
      if (!signal.aborted) await this.#audio?.play()
    } catch (error) {
      // Paused, replaced or scrolled away meanwhile.
      if (signal.aborted || isNamed(error, 'AbortError')) return
      // The browser wants a fresh click after the time decoding took: the voice is ready for it.
      if (isNamed(error, 'NotAllowedError')) this.state.value = 'paused'
      else this.#fail(error instanceof VoiceUnplayable ? error.problem : 'damaged')
    }
  }

  /** Bound, for it is also what the next voice calls to silence this one. */
  readonly pause = (): void => {
    this.#opening?.abort()
    this.#audio?.pause()
    if (this.state.value === 'loading') this.state.value = this.#source ? 'paused' : 'idle'
  }

  seek(ms: number): void {
    if (!this.#audio) return
    this.positionMs.value = ms
    this.#audio.currentTime = ms / 1000
  }

  setSpeed(speed: number): void {
    this.#speed = speed
    // Loading a source sets the rate back to the default one, hence both.
    if (this.#audio) this.#audio.defaultPlaybackRate = this.#audio.playbackRate = speed
  }

  letGo(): void {
    this.pause()
    giveUpVoiceTurn(this.pause)
    this.#audio?.removeAttribute('src')
    this.#source?.close()
    this.#audio = this.#source = undefined
  }

  async #load(signal: AbortSignal): Promise<void> {
    const opened = await this.#outside.open(this.#voice, signal)
    if (signal.aborted) return opened.close()
    this.#source = opened
    this.durationMs.value = opened.durationMs ?? this.durationMs.value
    this.#audio = this.#listenTo(this.#outside.createAudio())
    this.#audio.src = opened.src
    this.setSpeed(this.#speed)
  }

  /** The element tells the truth about playing: headset keys and the browser's own media controls pause it too. */
  #listenTo(audio: HTMLAudioElement): HTMLAudioElement {
    const on = (event: string, act: () => void) =>
      audio.addEventListener(event, () => {
        if (audio === this.#audio) act()
      })
    on('playing', () => (this.state.value = 'playing'))
    on('pause', () => (this.state.value = 'paused'))
    on('timeupdate', () => (this.positionMs.value = audio.currentTime * 1000))
    on('durationchange', () => {
      if (Number.isFinite(audio.duration)) this.durationMs.value = audio.duration * 1000
    })
    on('ended', () => {
      this.seek(0)
      giveUpVoiceTurn(this.pause)
    })
    on('error', () => this.#fail('damaged'))
    return audio
  }

  #fail(problem: VoiceProblem): void {
    this.letGo()
    this.problem.value = problem
    this.state.value = 'failed'
  }
}

import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { VoicePlayback, type Voice, type VoiceOutside } from './voice-playback.ts'

export const VOICE_SPEEDS = [1, 1.5, 2] as const
/** One for all voices: who listens at double speed does so all day. */
export const voiceSpeed = ref<(typeof VOICE_SPEEDS)[number]>(1)

export const nextVoiceSpeed = (): void => {
  voiceSpeed.value = VOICE_SPEEDS[(VOICE_SPEEDS.indexOf(voiceSpeed.value) + 1) % VOICE_SPEEDS.length] ?? 1
}

/** Plays one voice message at the common speed, from now until the scope ends; a new address is a new voice. */
export const useVoicePlayer = (voice: () => Voice, outside?: VoiceOutside) => {
  const start = () => new VoicePlayback(voice(), voiceSpeed.value, outside)
  const playback = shallowRef(start())

  watch(
    () => voice().url,
    () => {
      playback.value.letGo()
      playback.value = start()
    },
  )
  watch(voiceSpeed, (speed) => playback.value.setSpeed(speed))
  onScopeDispose(() => playback.value.letGo())

  const state = computed(() => playback.value.state.value)
  return {
    state,
    problem: computed(() => playback.value.problem.value),
    positionMs: computed(() => playback.value.positionMs.value),
    durationMs: computed(() => playback.value.durationMs.value),
    toggle() {
      if (state.value === 'playing' || state.value === 'loading') playback.value.pause()
      else void playback.value.play()
    },
    seek: (ms: number) => playback.value.seek(ms),
  }
}

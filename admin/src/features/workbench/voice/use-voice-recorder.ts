import { computed, onScopeDispose, ref } from 'vue'
import { openMicrophone, VoiceUnrecorded, type Recording, type VoiceFault } from './microphone.ts'
import { voiceFile } from './voice-file.ts'

/** What WeChat takes; longer is not listened to anywhere. */
export const LONGEST_MS = 60_000
const LOOK_EVERY_MS = 100

export interface RecorderParts {
  open: () => Promise<Recording>
  make: (recorded: Blob, name: string) => Promise<File>
  now: () => number
}
const PARTS: RecorderParts = { open: openMicrophone, make: voiceFile, now: () => performance.now() }

type State = 'asking' | 'recording' | 'making' | 'over'
interface Outcome {
  done: (file: File) => void
  failed: (fault: VoiceFault) => void
}

const faultOf = (error: unknown): VoiceFault => (error instanceof VoiceUnrecorded ? error.fault : 'failed')

/** One voice: recorded at once, made into a file when it is finished or has become as long as it may be, forgotten when left. */
export const useVoiceRecorder = (name: () => string, outcome: Outcome, parts: RecorderParts = PARTS) => {
  const state = ref<State>('asking')
  const lastedMs = ref(0)
  const level = ref(0)
  let recording: Recording | null = null
  let startedAt = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const end = (): void => {
    clearInterval(timer)
    state.value = 'over'
  }
  /** Nobody waits for it any more. */
  const left = (): boolean => state.value === 'over'
  const fail = (error: unknown): void => {
    if (left()) return
    end()
    outcome.failed(faultOf(error))
  }
  const finish = async (): Promise<void> => {
    if (state.value !== 'recording' || recording === null) return
    state.value = 'making'
    clearInterval(timer)
    try {
      const file = await parts.make(await recording.finish(), name())
      if (left()) return
      end()
      outcome.done(file)
    } catch (error) {
      fail(error)
    }
  }
  const look = (): void => {
    lastedMs.value = Math.min(LONGEST_MS, parts.now() - startedAt)
    level.value = recording?.level() ?? 0
    if (lastedMs.value >= LONGEST_MS) void finish()
  }
  const cancel = (): void => {
    recording?.cancel()
    end()
  }
  const start = async (): Promise<void> => {
    try {
      const opened = await parts.open()
      // The question was still on screen when the agent turned away.
      if (left()) return opened.cancel()
      recording = opened
      startedAt = parts.now()
      state.value = 'recording'
      timer = setInterval(look, LOOK_EVERY_MS)
    } catch (error) {
      fail(error)
    }
  }
  void start()
  onScopeDispose(cancel)
  return { state: computed(() => state.value), lastedMs, level, finish, cancel }
}

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { effectScope } from 'vue'
import { VoiceUnrecorded, type Recording, type VoiceFault } from './microphone.ts'
import { LONGEST_MS, useVoiceRecorder, type RecorderParts } from './use-voice-recorder.ts'

describe('BP-004.1 recording a voice', () => {
  const file = new File(['sound'], 'voice.mp3')
  let clock = 0
  let open: { resolve: (recording: Recording) => void; reject: (error: Error) => void }
  let made: { resolve: (file: File) => void; reject: (error: Error) => void }
  const recording = { level: () => 0.5, finish: jest.fn(async () => new Blob(['raw'])), cancel: jest.fn() }
  const done = jest.fn<(file: File) => void>()
  const failed = jest.fn<(fault: VoiceFault) => void>()

  const parts: RecorderParts = {
    open: () => new Promise((resolve, reject) => (open = { resolve, reject })),
    make: () => new Promise((resolve, reject) => (made = { resolve, reject })),
    now: () => clock,
  }
  const start = () => {
    const scope = effectScope()
    const recorder = scope.run(() => useVoiceRecorder(() => 'voice', { done, failed }, parts))
    if (recorder === undefined) throw new Error('no scope')
    return { scope, recorder }
  }
  const settle = () => jest.advanceTimersByTimeAsync(0)

  beforeEach(() => {
    jest.useFakeTimers()
    jest.clearAllMocks()
    clock = 0
  })
  afterEach(() => void jest.useRealTimers())

  it('asks for the microphone, records, and hands the file over once', async () => {
    const { recorder } = start()
    expect(recorder.state.value).toBe('asking')
    open.resolve(recording)
    await settle()
    clock = 2_500
    await jest.advanceTimersByTimeAsync(100)
    expect([recorder.state.value, recorder.lastedMs.value, recorder.level.value]).toEqual(['recording', 2_500, 0.5])
    void recorder.finish()
    void recorder.finish()
    await settle()
    expect(recorder.state.value).toBe('making')
    made.resolve(file)
    await settle()
    expect(done.mock.calls).toEqual([[file]])
    expect(recording.finish).toHaveBeenCalledTimes(1)
  })

  it('ends by itself at the longest that WeChat takes, and what was said is kept', async () => {
    const { recorder } = start()
    open.resolve(recording)
    await settle()
    clock = LONGEST_MS + 50
    await jest.advanceTimersByTimeAsync(100)
    expect([recorder.state.value, recorder.lastedMs.value]).toEqual(['making', LONGEST_MS])
    made.resolve(file)
    await settle()
    expect(done).toHaveBeenCalledWith(file)
  })

  it('lets go of a microphone that is granted after the agent has turned away', async () => {
    const { scope } = start()
    scope.stop()
    open.resolve(recording)
    await settle()
    expect(recording.cancel).toHaveBeenCalledTimes(1)
    expect([done.mock.calls, failed.mock.calls]).toEqual([[], []])
  })

  it('forgets what was recorded when it is cancelled, also while the file is being made', async () => {
    const first = start()
    open.resolve(recording)
    await settle()
    first.recorder.cancel()
    expect(recording.cancel).toHaveBeenCalledTimes(1)
    const second = start()
    open.resolve(recording)
    await settle()
    void second.recorder.finish()
    await settle()
    second.scope.stop()
    made.resolve(file)
    await settle()
    expect(done).not.toHaveBeenCalled()
  })

  it.each<[VoiceFault]>([['insecure'], ['denied'], ['missing']])('says why there is no microphone: %s', async (fault) => {
    start()
    open.reject(new VoiceUnrecorded(fault))
    await settle()
    expect(failed.mock.calls).toEqual([[fault]])
  })

  it('says that nothing came of it when the sound could not be made into a file', async () => {
    const { recorder } = start()
    open.resolve(recording)
    await settle()
    void recorder.finish()
    await settle()
    made.reject(new Error('no codec'))
    await settle()
    expect(failed.mock.calls).toEqual([['failed']])
    expect(recorder.state.value).toBe('over')
  })
})

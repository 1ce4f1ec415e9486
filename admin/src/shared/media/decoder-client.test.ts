import { describe, expect, it } from '@jest/globals'
import { createDecoderClient, type DecoderPort } from './decoder-client.ts'
import type { DecodeAnswer, DecodeRequest } from './decoder-worker.ts'

class FakeWorker extends EventTarget {
  requests: DecodeRequest[] = []
  terminated = false
  postMessage(request: DecodeRequest) {
    this.requests.push(request)
  }
  terminate() {
    this.terminated = true
  }
  answer(data: DecodeAnswer) {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

const setUp = () => {
  const workers: FakeWorker[] = []
  const decode = createDecoderClient(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as DecoderPort
  })
  return { workers, decode }
}
const sound = (sampleRate: number) => ({ samples: new Int16Array([1]), sampleRate })

describe('the decoder worker', () => {
  it('starts with the first voice and serves the next ones', async () => {
    const { workers, decode } = setUp()
    expect(workers).toHaveLength(0)
    const first = decode(new Uint8Array([1]))
    const second = decode(new Uint8Array([2]))
    workers[0]?.answer({ id: 2, pcm: sound(2) })
    workers[0]?.answer({ id: 1, pcm: sound(1) })
    expect((await first).sampleRate).toBe(1)
    expect((await second).sampleRate).toBe(2)
    expect(workers).toHaveLength(1)
  })

  it('passes on what is wrong with a file', async () => {
    const { workers, decode } = setUp()
    const voice = decode(new Uint8Array([1]))
    workers[0]?.answer({ id: 1, problem: 'too_long' })
    await expect(voice).rejects.toMatchObject({ problem: 'too_long' })
  })

  it('fails all it was asked when it dies, and is replaced for the next voice', async () => {
    const { workers, decode } = setUp()
    const lost = [decode(new Uint8Array([1])), decode(new Uint8Array([2]))]
    workers[0]?.dispatchEvent(new Event('error'))
    for (const voice of lost) await expect(voice).rejects.toMatchObject({ problem: 'unavailable' })
    expect(workers[0]?.terminated).toBe(true)
    const next = decode(new Uint8Array([3]))
    workers[1]?.answer({ id: 3, pcm: sound(3) })
    expect((await next).sampleRate).toBe(3)
  })
})

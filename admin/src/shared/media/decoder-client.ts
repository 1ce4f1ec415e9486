import { VoiceUnplayable, type Pcm } from './pcm.ts'
import type { DecodeAnswer, DecodeRequest } from './decoder-worker.ts'

type Waiting = { resolve: (pcm: Pcm) => void; reject: (error: Error) => void }

/** As much of a Worker as the client needs, so that tests bring their own. */
export type DecoderPort = {
  postMessage(request: DecodeRequest, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: { data: DecodeAnswer }) => void): void
  addEventListener(type: 'error', listener: () => void): void
  terminate(): void
}

/**
 * Decodes in a worker that is started with the first voice and kept for the next ones: a minute of sound takes longer than a frame of the screen.
 * A worker that dies (it could not be loaded, its memory ran out) fails what it was asked and is replaced at the next call.
 */
export const createDecoderClient = (start: () => DecoderPort): ((bytes: Uint8Array<ArrayBuffer>) => Promise<Pcm>) => {
  const waiting = new Map<number, Waiting>()
  let port: DecoderPort | undefined
  let lastId = 0

  const settle = (answer: DecodeAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('pcm' in answer) asked?.resolve(answer.pcm)
    else asked?.reject(new VoiceUnplayable(answer.problem))
  }
  const bury = () => {
    port?.terminate()
    port = undefined
    for (const { reject } of waiting.values()) reject(new VoiceUnplayable('unavailable'))
    waiting.clear()
  }
  const open = () => {
    const fresh = start()
    fresh.addEventListener('message', (event) => settle(event.data))
    fresh.addEventListener('error', bury)
    return fresh
  }

  return (bytes) =>
    new Promise((resolve, reject) => {
      port ??= open()
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      port.postMessage({ id: lastId, bytes }, [bytes.buffer])
    })
}

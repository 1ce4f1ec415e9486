import { VoiceUnplayable, type Pcm, type VoiceProblem } from './pcm.ts'

export type DecodeRequest = { id: number; bytes: Uint8Array<ArrayBuffer> }
export type DecodeAnswer = { id: number; pcm: Pcm } | { id: number; problem: VoiceProblem }

/** The worker's side of DecoderClient: answers every request in its own time, and tells what the file did wrong from what we did wrong. */
export const serveDecoder = (decode: (bytes: Uint8Array) => Promise<Pcm>): void => {
  const answer = async ({ id, bytes }: DecodeRequest) => {
    try {
      const pcm = await decode(bytes)
      self.postMessage({ id, pcm } satisfies DecodeAnswer, { transfer: [pcm.samples.buffer] })
    } catch (error) {
      const ofTheFile = error instanceof VoiceUnplayable
      self.postMessage({ id, problem: ofTheFile ? error.problem : 'unavailable' } satisfies DecodeAnswer)
      // Left unhandled for the browser's error log: the codec did not load, or the content security policy forbids it.
      if (!ofTheFile) throw error
    }
  }
  self.addEventListener('message', (event: MessageEvent<DecodeRequest>) => void answer(event.data))
}

import { serveDecoder } from '../decoder-worker.ts'
import { decodeSpeex } from './speex-decoder.ts'
import wasmUrl from './speex-decoder.wasm?url'

let compiled: Promise<WebAssembly.Module> | undefined

const load = async () => {
  const answer = await fetch(wasmUrl)
  if (!answer.ok) throw new Error(`The Speex decoder answered ${answer.status}`)
  return WebAssembly.compile(await answer.arrayBuffer())
}

/** A failed load is forgotten, so that the next voice tries again. */
const codec = () => {
  compiled ??= load().catch((error: unknown) => {
    compiled = undefined
    throw error
  })
  return compiled
}

serveDecoder(async (bytes) => decodeSpeex(bytes, await codec()))

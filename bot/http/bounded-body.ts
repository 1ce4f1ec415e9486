/** Bodies that end with an error instead of filling the memory. */
import { pipeline, Transform } from 'node:stream'
import { PermanentFailure } from '#adapters/contract/index.ts'

const tooLarge = (maxBytes: number) => new PermanentFailure('media_refused', `larger than ${maxBytes} bytes`)

/** The same bytes; past `maxBytes`, or when the source breaks, the stream ends with an error. */
export function boundedStream(source: NodeJS.ReadableStream, maxBytes: number): NodeJS.ReadableStream {
  let size = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > maxBytes) done(tooLarge(maxBytes))
      else done(null, chunk)
    },
  })
  // The reader of `bounded` gets the error; the callback only keeps it from being thrown a second time.
  pipeline(source, bounded, () => {})
  return bounded
}

/** @throws PermanentFailure `media_refused` past `maxBytes`, and whatever the stream ends with */
export async function readAll(source: NodeJS.ReadableStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks, size)
}

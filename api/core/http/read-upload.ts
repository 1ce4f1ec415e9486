import type { Readable } from 'node:stream'
import { z } from 'zod'
import { Invalid, TooLarge } from '../errors.ts'
import { fromOutside } from '../request-shape.ts'

const isReadable = (value: unknown): value is Readable => typeof value === 'object' && value !== null && Symbol.asyncIterator in value
const uploadSchema = z.strictObject({
  file: z.custom<Readable & { hapi: { filename: string } }>((value) => isReadable(value) && 'hapi' in value),
})
const bytesOf = z.instanceof(Uint8Array)
const headSchema = z.object({ filename: z.string().min(1).max(1000) })

/**
 * The one file of a multipart body, field `file`, read into memory (20 MB at most).
 * @throws Invalid `invalid_request` for any other field, TooLarge past `maxBytes`
 */
export async function readUpload(payload: unknown, maxBytes: number): Promise<{ data: Buffer; name: string }> {
  const { file } = fromOutside(uploadSchema, payload ?? {})
  const head = headSchema.safeParse(file.hapi)
  if (!head.success) throw new Invalid('invalid_request', 'the upload has no file name')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of file) {
    const bytes = Buffer.from(bytesOf.parse(chunk))
    size += bytes.length
    if (size > maxBytes) throw new TooLarge('payload_too_large', 'the file is too large', { maxBytes })
    chunks.push(bytes)
  }
  return { data: Buffer.concat(chunks), name: head.data.filename }
}

/** multipart/form-data in one buffer: platforms of the WeChat family want a Content-Length and a plain file name. */
import { randomBytes } from 'node:crypto'
import type { HttpRequest } from '#adapters/contract/index.ts'

type Multipart = NonNullable<HttpRequest['multipart']>

/** As browsers do it (RFC 7578, WHATWG): what could end the header is percent-encoded. */
const quoted = (value: string) => `"${value.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')}"`
/** A type is tokens; anything else could start a header of its own. */
const safeMime = (mime: string) => (/^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream')

export function encodeMultipart({ fields = {}, file }: Multipart): { body: Buffer; contentType: string } {
  const boundary = `lianke-${randomBytes(18).toString('base64url')}`
  const head = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`
  const texts = Object.entries(fields).map(([name, value]) => `${head(`name=${quoted(name)}`)}\r\n${value}\r\n`)
  const fileHead = `${head(`name=${quoted(file.field)}; filename=${quoted(file.name)}`)}Content-Type: ${safeMime(file.mime)}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(texts.join('') + fileHead), file.data, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { body, contentType: `multipart/form-data; boundary=${boundary}` }
}

/** Bodies in and out of the simulator's own API (not the platform's). */
import type { IncomingMessage, ServerResponse } from 'node:http'

const MAX_BODY_BYTES = 16 * 1_048_576

/** The caller's fault; answered with `status` and a plain word why. */
export class RequestRefused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

export const problem = (response: ServerResponse, error: unknown) => {
  if (response.headersSent) return void response.destroy()
  const status = error instanceof RequestRefused ? error.status : error instanceof URIError ? 400 : 500
  const message = error instanceof Error ? error.message : 'unknown'
  json(response, status, { error: { code: status === 500 ? 'simulator_error' : 'refused', message, context: {} } })
}

/** A page of somebody else in the same browser must not act as a customer. */
export const requireSameSite = (request: IncomingMessage) => {
  const { origin, host } = request.headers
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) throw new RequestRefused(403, 'foreign origin')
  if (!request.headers['content-type']?.startsWith('application/json')) throw new RequestRefused(415, 'application/json expected')
}

export const readJsonBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new RequestRefused(413, 'body too large')
    chunks.push(bytes)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new RequestRefused(400, 'not JSON')
  }
}

/** GET|POST /channels/{kind}/{accountId}: the address that is entered at the platform. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Request, ResponseToolkit, Server } from '@hapi/hapi'
import type { CallbackRequest } from '#adapters/contract/index.ts'
import type { CallbackAnswer, Receive } from './receive.ts'

const PATH = '/channels/{kind}/{accountId}'
const MAX_BYTES = 1_048_576

export function registerGateway(server: Server, receive: Receive): void {
  const handler = async (request: Request, h: ResponseToolkit) => {
    const answer = await receive(callbackOf(request))
    if (answer.status === 403) return h.response().code(403)
    if (request.method === 'post') return acknowledge(request, h, answer)
    return h.response(answer.body).type(answer.contentType).header('cache-control', 'no-store')
  }
  const log = { collect: false }
  server.route({ method: 'GET', path: PATH, handler, options: { auth: false, log } })
  server.route({
    method: 'POST',
    path: PATH,
    handler,
    options: { auth: false, log, payload: { parse: false, output: 'data', maxBytes: MAX_BYTES, timeout: 10_000 } },
  })
}

type Acknowledgement = Extract<CallbackAnswer, { status: 200 }>

/** Written straight out: a platform reads one short line, and Hapi's way out for pages and files costs as much as all else it does for a callback. */
function acknowledge({ raw: { res } }: Request, h: ResponseToolkit, { body, contentType }: Acknowledgement): symbol {
  res.writeHead(200, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  res.end(body)
  return h.abandon
}

const NO_BODY = Buffer.alloc(0)

function callbackOf(request: Request): CallbackRequest & { kind: string; accountId: string } {
  const url = request.raw.req.url ?? ''
  const at = url.indexOf('?')
  return {
    method: request.method === 'get' ? 'GET' : 'POST',
    kind: String(request.params['kind']),
    accountId: String(request.params['accountId']),
    // As sent: decoding belongs to the adapter, since some platforms sign a literal `+`.
    rawQuery: at < 0 ? '' : url.slice(at + 1),
    headers: textHeaders(request.raw.req.headers),
    body: Buffer.isBuffer(request.payload) ? request.payload : NO_BODY,
  }
}

/** Only `set-cookie` comes as a list, and no platform sends it. */
const textHeaders = (headers: IncomingHttpHeaders): CallbackRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]))

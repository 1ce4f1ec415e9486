/** A platform on 127.0.0.1 that answers as the test says and remembers what it was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface SeenRequest {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}
export type Answer = (request: SeenRequest, response: ServerResponse) => void

export interface FakePlatform {
  url: string
  seen: SeenRequest[]
  /** Replaced by a test to say what happens next. */
  answer: Answer
  close(): Promise<void>
}

export async function fakePlatform(answer: Answer): Promise<FakePlatform> {
  const platform: FakePlatform = { url: '', seen: [], answer, close: async () => {} }
  const server = createServer(async (request, response) => {
    const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await buffer(request) }
    platform.seen.push(seen)
    platform.answer(seen, response)
  })
  platform.url = await listen(server)
  platform.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return platform
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
    })
  })
}

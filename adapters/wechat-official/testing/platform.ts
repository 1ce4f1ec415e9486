/** For tests: a server that speaks the platform's HTTP, keeps what it was asked and answers what a test scripted. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PlatformRequest {
  method: string
  path: string
  query: Record<string, string>
  contentType: string
  body: Buffer
}

export type PlatformAnswer =
  object | { raw: string | Buffer; contentType?: string; status?: number; headers?: Record<string, string> } | 'reset'
type Script = (request: PlatformRequest) => PlatformAnswer

const TOKEN_PATH = '/cgi-bin/stable_token'

export class TestPlatform {
  readonly requests: PlatformRequest[] = []
  readonly scripts = new Map<string, Script>()
  base = ''
  /** Tokens are `token-1`, `token-2` …: one for each time that one was asked for. */
  tokensGiven = 0
  private readonly server: Server = createServer((incoming, response) => void this.serve(incoming, response))

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const { port } = this.server.address() as AddressInfo
    this.base = `http://127.0.0.1:${port}`
    return this
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  reset(): void {
    this.requests.length = 0
    this.tokensGiven = 0
    this.scripts.clear()
    this.on(TOKEN_PATH, () => ({ access_token: `token-${++this.tokensGiven}`, expires_in: 7200 }))
  }

  on(path: string, script: Script): void {
    this.scripts.set(path, script)
  }

  /** Answers in turn, the last one for ever. */
  answers(path: string, ...answers: PlatformAnswer[]): void {
    let turn = 0
    this.on(path, () => answers[Math.min(turn++, answers.length - 1)] ?? {})
  }

  /** What was asked under a path. */
  asked(path: string): PlatformRequest[] {
    return this.requests.filter((request) => request.path === path)
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const url = new URL(incoming.url ?? '/', this.base)
    const request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      contentType: incoming.headers['content-type'] ?? '',
      body: Buffer.concat(chunks),
    }
    this.requests.push(request)
    const answer = this.scripts.get(request.path)?.(request) ?? { raw: 'not found', status: 404 }
    if (answer === 'reset') incoming.socket.destroy()
    else write(response, answer)
  }
}

function write(response: ServerResponse, answer: Exclude<PlatformAnswer, 'reset'>): void {
  if (!('raw' in answer)) {
    response.writeHead(200, { 'content-type': 'application/json; encoding=utf-8' }).end(JSON.stringify(answer))
    return
  }
  const { raw, contentType = 'text/html', status = 200, headers = {} } = answer
  response.writeHead(status, { 'content-type': contentType, ...headers }).end(raw)
}

/** The simulator behind a real HTTP server, and an account's server that answers its callbacks as told. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOfficialAccountSimulator, mountSimulator, type AccountSettings, type SimulatorOptions } from '../index.ts'

export interface ReceivedCallback {
  method: string
  query: URLSearchParams
  contentType: string
  body: string
}
export type ReceiverAnswer = { status?: number; body?: string } | 'hang'

export const ACCOUNT = {
  appId: 'wxba5fad812f8e6fb9',
  appSecret: 'secret-of-the-account',
  token: 'AAAAA',
  encodingAesKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  originalId: 'gh_97417a04a28d',
  name: '连客示例',
} as const

const listen = async (listener: RequestListener): Promise<{ server: Server; url: string }> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const close = async (server: Server) => {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}

/** Waits for a state, turn by turn of the event loop; a state that never comes ends in the test's own time-out. */
export const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const startReceiver = async () => {
  const received: ReceivedCallback[] = []
  const answers: ReceiverAnswer[] = []
  const { server, url } = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams
      received.push({
        method: request.method ?? '',
        query,
        contentType: request.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString(),
      })
      if (request.method === 'GET') return response.end(query.get('echostr'))
      const answer = answers.shift() ?? { body: 'success' }
      if (answer !== 'hang') response.writeHead(answer.status ?? 200).end(answer.body ?? '')
    })
  })
  return { received, answers, server, url: `${url}/channels/wechat-official/a1` }
}

export const startHarness = async (settings: { options?: SimulatorOptions; account?: Partial<AccountSettings> } = {}) => {
  const receiver = await startReceiver()
  const simulator = createOfficialAccountSimulator({ now: () => Date.UTC(2026, 10, 22, 4), manualClock: true, ...settings.options })
  const { server, url } = await listen(mountSimulator([simulator]))
  simulator.addAccount({ ...ACCOUNT, callbackUrl: receiver.url, ...settings.account })
  const base = `${url}/simulator/wechat`
  const read = async (response: Response) => (await response.json()) as Record<string, unknown>
  const get = async (path: string, query: Record<string, string> = {}) =>
    read(await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`))
  const post = async (path: string, query: Record<string, string>, body: unknown) =>
    read(
      await fetch(`${base}${path}?${new URLSearchParams(query).toString()}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  const stableToken = async (more: Record<string, unknown> = {}) =>
    post('/cgi-bin/stable_token', {}, { grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret, ...more })
  const token = async () => String((await stableToken())['access_token'])
  return {
    simulator,
    receiver,
    origin: url,
    base,
    get,
    post,
    stableToken,
    token,
    legacyToken: (more: Record<string, string> = {}) =>
      get('/cgi-bin/token', { grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret, ...more }),
    send: async (accessToken: string, openId: string, message: Record<string, unknown> = { msgtype: 'text', text: { content: '您好' } }) =>
      post('/cgi-bin/message/custom/send', { access_token: accessToken }, { touser: openId, ...message }),
    upload: async (accessToken: string, type: string, data: Uint8Array<ArrayBuffer>, name = 'file.jpg', path = '/cgi-bin/media/upload') => {
      const form = new FormData()
      form.set('media', new Blob([data]), name)
      return read(await fetch(`${base}${path}?access_token=${accessToken}&type=${type}`, { method: 'POST', body: form }))
    },
    async stop() {
      simulator.stop()
      await Promise.all([close(server), close(receiver.server)])
    },
  }
}
export type Harness = Awaited<ReturnType<typeof startHarness>>

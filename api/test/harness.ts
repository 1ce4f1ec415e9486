/** The whole product under test, with people around it: staff with sessions, customers of the web page, customers on WeChat. */
import { randomBytes } from 'node:crypto'
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { CustomerEvent } from '../contract/realtime.ts'
import type { Conversation, ConversationDetail } from '../contract/conversation.ts'
import type { Me, PresenceStatus, Role as StaffRole } from '../contract/identity.ts'
import type { CustomerMessage, Message, MessagePartInput } from '../contract/message.ts'
import { inTransaction, SYSTEM } from '../core/context.ts'
import type { Role } from '../core/http/server.ts'
import { createAccount } from '../modules/channels/index.ts'
import { createStaff } from '../modules/identity/index.ts'
import type { Process } from '../server.ts'
import { ApiClient } from './api-client.ts'
import { createInstallation, type Installation, PUBLIC_URL } from './installation.ts'
import { closeSockets, openSocket, type TestSocket } from './socket-client.ts'
import { until } from './until.ts'

export const PASSWORD = 'a password long enough'
export const WEB_SECRET = 'the host site keeps this secret to itself'

let counter = 0
/** Different in every call of a test file. */
export const unique = (name: string) => `${name}-${++counter}`
/** Everybody has an address of his own, as behind a proxy, so that one test's tries are not counted against another's. */
export const newAddress = () => `10.${Math.floor(++counter / 250)}.${counter % 250}.7`
export const newKey = () => randomBytes(8).toString('hex')

/** Working hours of a team that is closed: one a week, days from now. Tickets are counted by them, so there must be some. */
export const hoursDaysAway = () =>
  Array.from({ length: 7 }, (_, day) => (day === (new Date().getUTCDay() + 3) % 7 ? [{ from: '10:00', to: '11:00' }] : []))

export class StaffClient extends ApiClient {
  readonly me: Me
  constructor(url: string, headers: Record<string, string>, me: Me) {
    super(url, headers)
    this.me = me
  }

  be(status: PresenceStatus): Promise<unknown> {
    return this.put('/me/presence', { status })
  }

  async socket(url = this.url): Promise<TestSocket> {
    const { ticket } = await this.post<{ ticket: string }>('/realtime/tickets')
    return openSocket(url, { namespace: '/', ticket, origin: PUBLIC_URL })
  }

  reply(conversationId: string, parts: MessagePartInput[] | string, clientKey = newKey()): Promise<Message> {
    return this.post<Message>(`/conversations/${conversationId}/messages`, { clientKey, parts: asParts(parts) })
  }

  messages(conversationId: string, query = ''): Promise<Message[]> {
    return this.get<Message[]>(`/conversations/${conversationId}/messages${query}`)
  }

  conversation(id: string): Promise<ConversationDetail> {
    return this.get<ConversationDetail>(`/conversations/${id}`)
  }

  /** Waits until the message has this state. */
  delivered(message: Message, state: NonNullable<Message['delivery']>['state']): Promise<Message> {
    return until(async () => {
      const [now] = await this.messages(message.conversationId, `?afterSeq=${message.seq - 1}&limit=1`)
      if (now?.delivery?.state !== state) throw new Error(`delivery is ${JSON.stringify(now?.delivery)}, not ${state}`)
      return now
    })
  }
}

export class WebCustomer extends ApiClient {
  readonly token: string
  constructor(url: string, headers: Record<string, string>, token: string) {
    super(url, { ...headers, authorization: `Bearer ${token}` })
    this.token = token
  }

  say(parts: MessagePartInput[] | string, clientKey = newKey()): Promise<CustomerMessage> {
    return this.post<CustomerMessage>('/web/messages', { clientKey, parts: asParts(parts) })
  }

  history(query = ''): Promise<WebHistory> {
    return this.get<WebHistory>(`/web/history${query}`)
  }

  async socket(url = this.url): Promise<TestSocket<CustomerEvent>> {
    const { ticket } = await this.post<{ ticket: string }>('/web/realtime-tickets')
    return openSocket<CustomerEvent>(url, { namespace: '/customer', ticket, origin: 'https://shop.example.com' })
  }
}

export interface WebHistory {
  conversation: { id: string; status: string; queueAhead: number | null; staffReadSeq: number; agent: { name: string } | null } | null
  messages: CustomerMessage[]
  hasMore: boolean
  previousConversationId: string | null
}

const asParts = (parts: MessagePartInput[] | string): MessagePartInput[] =>
  typeof parts === 'string' ? [{ type: 'text', text: parts }] : parts

export interface OfficialAccount {
  id: string
  appId: string
  settings: {
    appId: string
    appSecret: string
    token: string
    encodingAesKey: string
    mode: 'safe' | 'compatible' | 'plain'
    originalId: string
  }
  callbackUrl: string
}

export interface TestApp extends Installation {
  process: Process
  url: string
  /** Somebody without any session. */
  anonymous(): ApiClient
  /** A new member of staff, signed in; offline until he says otherwise. */
  staff(role: StaffRole, name?: string): Promise<StaffClient>
  logIn(username: string, url?: string): Promise<StaffClient>
  connectOfficial(options?: { mode?: OfficialAccount['settings']['mode']; showAgentName?: boolean; url?: string }): Promise<OfficialAccount>
  /** Follows the account; nobody has heard of him yet. */
  follower(account: OfficialAccount, nickname?: string): SimulatedCustomer
  connectWeb(config?: Record<string, unknown>): Promise<{ id: string }>
  webCustomer(accountId: string, request?: object, url?: string): Promise<WebCustomer>
  /** The newest conversation with this person, once it is there. */
  conversationOf(reader: StaffClient, externalId: string): Promise<Conversation>
}

/** One process with all roles unless told otherwise. */
export async function startTestApp(options: { roles?: Role[]; environment?: Record<string, string> } = {}): Promise<TestApp> {
  const installation = await createInstallation()
  const process = await installation.start(options.roles ?? ['api', 'bot', 'jobs'], options.environment)
  const people = peopleOf(process)
  return {
    ...installation,
    ...people,
    ...channelsOf(installation, process),
    process,
    url: process.url,
    conversationOf: (reader, externalId) => conversationOf(process, reader, externalId),
    async stop() {
      closeSockets()
      await installation.stop()
    },
  }
}

function peopleOf({ app, url: home }: Process): Pick<TestApp, 'anonymous' | 'staff' | 'logIn' | 'webCustomer'> {
  const headers = () => ({ 'x-forwarded-for': newAddress(), origin: PUBLIC_URL })
  const logIn: TestApp['logIn'] = async (username, url = home) => {
    const own = headers()
    const answer = await new ApiClient(url, own).ask('POST', '/auth/login', { username, password: PASSWORD })
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`)
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return new StaffClient(url, { ...own, cookie }, answer.body.data)
  }
  return {
    anonymous: () => new ApiClient(home, headers()),
    logIn,
    async staff(role, name = unique(role)) {
      const username = unique(role)
      await inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { username, password: PASSWORD, name, role }))
      return logIn(username)
    },
    async webCustomer(accountId, request = {}, url = home) {
      const own = { 'x-forwarded-for': newAddress() }
      const { token } = await new ApiClient(url, own).post<{ token: string }>(`/web/${accountId}/sessions`, request)
      return new WebCustomer(url, own, token)
    },
  }
}

function channelsOf(installation: Installation, { app, url: home }: Process): Pick<TestApp, 'connectOfficial' | 'connectWeb' | 'follower'> {
  return {
    async connectOfficial({ mode = 'safe', showAgentName = false, url = home } = {}) {
      const number = String(++counter).padStart(4, '0')
      const { simulator, platformUrl: base } = installation
      const settings = {
        appId: `wx00000000test${number}`,
        appSecret: randomBytes(16).toString('hex'),
        token: `token${number}`,
        encodingAesKey: randomBytes(43).toString('hex').slice(0, 43),
        mode,
        originalId: `gh_test${number}`,
      }
      const config = { ...settings, apiBase: base, mpBase: base, openBase: base }
      const input = { kind: 'wechat-official', name: unique('Official account'), config, showAgentName }
      const { id } = await inTransaction(app, SYSTEM, (ctx) => createAccount(ctx, input))
      const callbackUrl = `${url}/channels/wechat-official/${id}`
      simulator.addAccount({ ...settings, callbackUrl })
      return { id, appId: settings.appId, settings, callbackUrl }
    },
    follower: ({ appId }, nickname = unique('Customer')) => installation.simulator.addCustomer({ appId, nickname }),
    async connectWeb(config = {}) {
      const input = { kind: 'web', name: unique('Web page'), config: { title: 'Help', ...config } }
      return inTransaction(app, SYSTEM, (ctx) => createAccount(ctx, input))
    },
  }
}

function conversationOf({ app }: Process, reader: StaffClient, externalId: string): Promise<Conversation> {
  return until(async () => {
    const row = await app
      .db('conversations as v')
      .join('customer_identities as i', 'i.id', 'v.identity_id')
      .where('i.value', externalId)
      .orderBy('v.created_at', 'desc')
      .first('v.id')
    if (!row) throw new Error('no conversation yet')
    return reader.conversation(row.id)
  })
}

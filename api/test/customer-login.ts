/** Customers who register and sign in on a page, for tests: their numbers, the codes they get, what they send. */
import { developmentSms } from '#bot/sms/development.ts'
import type { RegistrationLink, WebLogin, WebPage } from '../contract/registration.ts'
import { ApiClient, type Answer } from './api-client.ts'
import { newAddress, type StaffClient, type TestApp, WebCustomer } from './harness.ts'
import { until } from './until.ts'

let counter = 0
/** A mainland mobile number that nobody else in this test file has. */
export const newPhone = (): string => `139${String(10_000_000 + ++counter * 37).slice(0, 8)}`

const e164 = (phone: string) => (phone.startsWith('+') ? phone : `+86${phone}`)

const messagesTo = async (it: TestApp, phone: string) => (await developmentSms(it.process.app)).filter((sms) => sms.phone === e164(phone))

/** The code that comes when `ask` asks for one. */
export async function codeAfter(it: TestApp, phone: string, ask: () => Promise<unknown>): Promise<string> {
  const before = await messagesTo(it, phone)
  await ask()
  return until(async () => {
    const [newest, ...older] = await messagesTo(it, phone)
    if (!newest?.code || older.length < before.length) throw new Error('no code yet')
    return newest.code
  })
}

export interface Visit {
  /** Token of the visitor who is on the page. */
  token?: string
  link?: string
  keepConversation?: boolean
  privacyVersion?: number
}

export class PageVisitor extends ApiClient {
  readonly it: TestApp
  readonly accountId: string
  constructor(it: TestApp, accountId: string) {
    super(it.url, { 'x-forwarded-for': newAddress() })
    this.it = it
    this.accountId = accountId
  }

  page = (): Promise<WebPage> => this.get<WebPage>(`/web/${this.accountId}/page`)
  askForCode = (phone: string): Promise<Answer> => this.ask('POST', `/web/${this.accountId}/codes`, { phone })

  /** A code that was asked for, and has come. */
  code(phone: string): Promise<string> {
    return codeAfter(this.it, phone, async () => {
      const answer = await this.askForCode(phone)
      if (answer.status !== 201) throw new Error(`code: ${answer.status} ${JSON.stringify(answer.body)}`)
    })
  }

  async tryLogin(body: object, token?: string): Promise<Answer> {
    const privacyVersion = 'privacyVersion' in body ? body.privacyVersion : (await this.page()).privacyVersion
    return this.ask(
      'POST',
      `/web/${this.accountId}/logins`,
      { ...body, privacyVersion },
      token === undefined ? {} : { authorization: `Bearer ${token}` },
    )
  }

  /** From the number to the token, as a person does it. */
  async register(phone: string, { token, ...more }: Visit = {}): Promise<WebLogin & { client: WebCustomer }> {
    const answer = await this.tryLogin({ method: 'code', phone, code: await this.code(phone), ...more }, token)
    if (answer.status !== 201) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`)
    return { ...answer.body.data, client: this.as(answer.body.data.token) }
  }

  as = (token: string): WebCustomer => new WebCustomer(this.url, this.headers, token)
}

export interface MadeLink {
  link: RegistrationLink
  token: string
}

export async function makeLink(maker: StaffClient, accountId: string, more: object = {}): Promise<MadeLink> {
  const { link, url } = await maker.post<{ link: RegistrationLink; url: string }>('/registration-links', { accountId, ...more })
  return { link, token: url.split('/join/')[1] ?? '' }
}

/** Closed doors: a word, a form, or waiting for the opening. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { ConsultationSettings, ContactPage, ContactRequest } from '../../contract/consultation.ts'
import type { Team } from '../../contract/team.ts'
import type { WebConversation } from '../../contract/web.ts'
import { hoursDaysAway, newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let member: StaffClient
let outsider: StaffClient
let web: { id: string }
let official: OfficialAccount
let team: Team
let calendar: Calendar

/** Sessions end while time passes. */
const everybodyBack = async () => {
  admin = await it.logIn(admin.me.username)
  member = await it.logIn(member.me.username)
}
const closed = hoursDaysAway()
const open = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  member = await it.staff('agent')
  outsider = await it.staff('agent')
  calendar = await admin.post<Calendar>('/calendars', { name: '休息', timeZone: 'Asia/Shanghai', weekly: closed })
  team = await admin.post<Team>('/teams', { name: '售后组', calendarId: calendar.id })
  await admin.put(`/teams/${team.id}/members/${member.me.id}`, { role: 'agent' })
  web = await it.connectWeb()
  official = await it.connectOfficial()
  for (const account of [web, official]) await settle(account, { teamId: team.id })
})
afterAll(() => it.stop())

async function settle(account: { id: string }, rules: object) {
  const { rules: before, version } = await admin.get<ConsultationSettings>(`/consultation/settings/${account.id}`)
  await admin.put(`/consultation/settings/${account.id}`, { rules: { ...before, ...rules }, texts: {}, version })
}
const conversationOf = async (customer: WebCustomer): Promise<WebConversation> =>
  (await customer.ask('GET', '/web/history')).body.data.conversation
async function late(account = web): Promise<{ customer: WebCustomer; shown: WebConversation }> {
  const customer = await it.webCustomer(account.id)
  await customer.say('有人吗')
  return { customer, shown: await conversationOf(customer) }
}
const form = (more: object = {}) => ({ clientKey: newKey(), text: '想了解维保价格', name: '赵敏', contact: '微信同名', ...more })
const requests = (client: StaffClient, query = '') => client.get<ContactRequest[]>(`/contact-requests${query}`)
const setHours = async (weekly: object) => {
  calendar = await admin.patch<Calendar>(`/calendars/${calendar.id}`, { weekly, version: calendar.version })
}

describe('BP-003.1 BP-003.5 outside working hours', () => {
  test('BP-003.1 nobody is given him, though somebody sits there; the page says so and offers the form, the words come once', async () => {
    await member.be('online')
    const { customer, shown } = await late()
    expect(shown).toMatchObject({ status: 'queued', queue: null, choices: null, offHours: { waits: false, form: true } })
    await until(async () =>
      expect(
        (await customer.history()).messages.filter(({ author }) => author.kind === 'bot').map(({ parts: [part] }) => part),
      ).toMatchObject([{ type: 'text', text: expect.stringContaining('现在不是服务时间') }]),
    )
    expect(await admin.conversation(shown.id)).toMatchObject({
      status: 'queued',
      waitingFor: 'off_hours',
      assignee: null,
      team: { id: team.id },
    })
    await member.be('offline')
  })

  test('BP-003.1 what he leaves is in the conversation and in the list of his team; the same form twice is one request', async () => {
    const { customer, shown } = await late()
    const body = { conversationId: shown.id, ...form() }
    const answers = await Promise.all([1, 2, 3].map(() => customer.ask('POST', '/web/off-hours', body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await conversationOf(customer)).offHours).toMatchObject({ waits: true, form: false })
    const mine = (await requests(member)).filter(({ conversationId }) => conversationId === shown.id)
    expect(mine).toMatchObject([{ text: '想了解维保价格', name: '赵敏', contact: '微信同名', status: 'open', team: { id: team.id } }])
    expect((await admin.messages(shown.id)).filter(({ direction }) => direction === 'inbound')).toHaveLength(2)
    // Another form while this one is open, and the same key with other words.
    await customer.expectError('POST', '/web/off-hours', { conversationId: shown.id, ...form() }, 409, 'contact_request_exists')
    await customer.expectError('POST', '/web/off-hours', { ...body, text: '别的' }, 409, 'idempotency_mismatch')
    // Whoever is not of the team does not see it, and cannot tick it off.
    expect((await requests(outsider)).map(({ id }) => id)).not.toContain(mine[0]!.id)
    await outsider.expectError('POST', `/contact-requests/${mine[0]!.id}/handled`, { version: 1 }, 404, 'not_found')
    const handled = await Promise.all([1, 2].map(() => member.ask('POST', `/contact-requests/${mine[0]!.id}/handled`, { version: 1 })))
    expect(handled.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await requests(member, '?status=handled')).map(({ id }) => id)).toContain(mine[0]!.id)
  })

  test('BP-003.1 the list of what was left is read page by page, newest first, without gap or repetition, and no team is seen that is not one’s own', async () => {
    const left: string[] = []
    for (const text of ['其一', '其二', '其三', '其四', '其五']) {
      const { customer, shown } = await late()
      await customer.post('/web/off-hours', { conversationId: shown.id, ...form({ text }) })
      left.unshift(shown.id)
    }
    const read: string[] = []
    let cursor: string | null = ''
    while (cursor !== null && read.length < left.length) {
      const { body } = await member.ask('GET', `/contact-requests?status=open&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(body.data.length).toBeLessThanOrEqual(2)
      read.push(...body.data.map(({ conversationId }: ContactRequest) => conversationId))
      cursor = body.nextCursor
    }
    expect(read.slice(0, left.length)).toEqual(left)
    expect(await requests(outsider)).toEqual([])
    await member.expectError('GET', '/contact-requests?cursor=nonsense', undefined, 400, 'invalid_request')
    await member.expectError('GET', '/contact-requests?limit=-1', undefined, 400, 'invalid_request')
  })

  test('bad input: nothing written, too long, NUL, a foreign conversation, a conversation that is being served', async () => {
    const { customer, shown } = await late()
    const to = (more: object) => ({ conversationId: shown.id, ...form(more) })
    for (const more of [{ text: '  ' }, { text: 'x'.repeat(2001) }, { text: 'a\u0000b' }, { contact: 'x'.repeat(121) }, { html: '<b>' }])
      await customer.expectError('POST', '/web/off-hours', to(more), 400, 'invalid_request')
    const stranger = await it.webCustomer(web.id)
    await stranger.expectError('POST', '/web/off-hours', to({}), 404, 'not_found')
    await admin.post(`/conversations/${shown.id}/accept`)
    await customer.expectError('POST', '/web/off-hours', to({}), 409, 'not_closed_now')
    await customer.expectError('POST', '/web/wait-for-opening', { conversationId: shown.id }, 409, 'not_closed_now')
  })

  test('BP-003.1 on WeChat the words bring a signed link to the form; a forged or old one leads nowhere', async () => {
    const customer = it.follower(official)
    await customer.text('还在吗')
    const link = await until(() => {
      const found = /\/contact\/([\w.-]+)/.exec(JSON.stringify(customer.sent().map(({ content }) => content)))
      if (!found?.[1]) throw new Error('no link yet')
      return found[1]
    })
    const anybody = it.anonymous()
    expect(await anybody.get<ContactPage>(`/web/contact/${link}`)).toMatchObject({ state: 'open' })
    const forged = `${link.slice(0, -2)}${link.endsWith('aa') ? 'bb' : 'aa'}`
    for (const bad of [forged, 'nonsense', link.replace(/^../, (head) => (head === 'ff' ? 'ee' : 'ff'))])
      await anybody.expectError('POST', `/web/contact/${bad}`, form(), 404, 'not_found')
    const body = form()
    await Promise.all([1, 2].map(() => anybody.post(`/web/contact/${link}`, body)))
    expect(await anybody.get<ContactPage>(`/web/contact/${link}`)).toMatchObject({ state: 'sent' })
    const { id } = await it.conversationOf(admin, customer.openId)
    expect((await requests(admin)).filter(({ conversationId }) => conversationId === id)).toHaveLength(1)
    await it.travel(8 * 86_400_000)
    await everybodyBack()
    await anybody.expectError('GET', `/web/contact/${link}`, undefined, 404, 'not_found')
  })
})

describe('BP-003.5 the doors open', () => {
  test('BP-003.5 who waits enters the queue, in the order in which they wrote, and somebody gets them', async () => {
    await setHours(closed)
    const [first, second] = [await late(), await late()]
    await Promise.all([1, 2].map(() => second.customer.post('/web/wait-for-opening', { conversationId: second.shown.id })))
    expect((await conversationOf(second.customer)).offHours?.waits).toBe(true)
    const lines = (await admin.messages(second.shown.id)).filter(({ parts: [part] }) => part?.type === 'notice')
    expect(lines).toHaveLength(1)
    await setHours(open)
    await until(async () => expect((await conversationOf(first.customer)).queue).not.toBeNull())
    const places = [await conversationOf(first.customer), await conversationOf(second.customer)].map(({ queue }) => queue?.position ?? 0)
    expect(places[0]).toBeLessThan(places[1]!)
    expect(await admin.conversation(second.shown.id)).toMatchObject({ waitingFor: null, match: { code: 'account_default' } })
    await member.be('online')
    await until(async () => expect((await admin.conversation(second.shown.id)).assignee?.id).toBe(member.me.id))
    await member.be('offline')
  })

  test('BP-003.5 where the account ends what nobody decided, only those who said so are served', async () => {
    await setHours(closed)
    const strict = await it.connectWeb()
    await settle(strict, { teamId: team.id, undecided: 'close' })
    const [silent, patient] = [await late(strict), await late(strict)]
    await patient.customer.post('/web/wait-for-opening', { conversationId: patient.shown.id })
    await setHours(open)
    await until(async () => expect((await admin.conversation(silent.shown.id)).closeReason).toBe('off_hours'))
    await until(async () => expect((await admin.conversation(patient.shown.id)).waitingFor).toBeNull())
    const rows = await it.process.app.db('queue_abandonments').where({ conversation_id: silent.shown.id }).select('reason')
    expect(rows).toEqual([{ reason: 'off_hours' }])
  })
})

/** Which team a consultation belongs to, and what the agent knows before his first answer. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConsultationSettings, EntryPoint } from '../../contract/consultation.ts'
import type { ConversationDetail } from '../../contract/conversation.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Team } from '../../contract/team.ts'
import type { WebConversation } from '../../contract/web.ts'
import { hoursDaysAway, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let official: OfficialAccount
let [sales, repair]: Team[] = []
let businesses: DictionaryEntry[]
let skills: DictionaryEntry[]

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  web = await it.connectWeb()
  official = await it.connectOfficial()
  businesses = await admin.get('/dictionaries/business_type')
  skills = await admin.get('/dictionaries/skill')
  sales = await newTeam({ businessTypeIds: [businesses[0]!.id] })
  repair = await newTeam({ skills: [{ skillId: skills[0]!.id, level: 4 }] })
})
afterAll(() => it.stop())
afterEach(() => it.process.app.db('presences').update({ status: 'offline' }))

const newTeam = (more: object = {}) => admin.post<Team>('/teams', { name: unique('服务组'), ...more })
const closedTeam = async () => {
  const weekly = hoursDaysAway()
  const calendar = await admin.post<{ id: string }>('/calendars', { name: unique('不上班'), timeZone: 'Asia/Shanghai', weekly })
  return newTeam({ calendarId: calendar.id })
}
const own = ({ id }: { id: string }) => admin.get<ConsultationSettings>(`/consultation/settings/${id}`)
async function settle(account: { id: string }, rules: object, texts: object = {}) {
  const { rules: before, version } = await own(account)
  return admin.put<ConsultationSettings>(`/consultation/settings/${account.id}`, { rules: { ...before, ...rules }, texts, version })
}
const entry = (account: { id: string }, body: object) => admin.put<EntryPoint>(`/consultation/accounts/${account.id}/entry-points`, body)
const conversationOf = async (customer: WebCustomer): Promise<WebConversation> => {
  const { data } = (await customer.ask('GET', '/web/history')).body
  return data.conversation
}
async function begun(customer: WebCustomer): Promise<{ shown: WebConversation; seen: ConversationDetail }> {
  await customer.say('您好')
  const shown = await conversationOf(customer)
  return { shown, seen: await admin.conversation(shown.id) }
}
const relate = (customerId: string, team: Team, more: object = {}) =>
  admin.post('/relations', { subject: { kind: 'customer', id: customerId }, teams: [{ teamId: team.id, rank: 'primary', ...more }] })

describe('BP-003.3 the way in decides first', () => {
  test('BP-003.3 a place on the host site leads to its team, by the team itself, its business or the name of the place', async () => {
    const shop = await it.connectWeb()
    await entry(shop, { kind: 'page', key: 'pricing', teamId: sales!.id })
    const named = await begun(await it.webCustomer(shop.id, { team: repair!.id }))
    expect(named.seen).toMatchObject({ team: { id: repair!.id }, match: { code: 'source_page', params: { team: repair!.name } } })
    const placed = await begun(await it.webCustomer(shop.id, { entry: 'pricing', pageUrl: 'https://shop.example.com/pricing' }))
    expect(placed.seen).toMatchObject({ team: { id: sales!.id }, match: { code: 'source_page', params: { key: 'pricing' } } })
    const business = await begun(await it.webCustomer(shop.id, { business: businesses[0]!.code }))
    expect(business.seen).toMatchObject({ team: { id: sales!.id }, match: { code: 'business_type' } })
  })

  test('BP-003.3 a QR scene and a menu key lead to their teams; a skill to the team that has it', async () => {
    await entry(official, { kind: 'qr', key: 'desk-7', teamId: sales!.id })
    await entry(official, { kind: 'menu', key: 'REPAIR', skillId: skills[0]!.id })
    const scanned = it.follower(official)
    await scanned.scan('desk-7')
    await it.tick()
    await scanned.text('在吗')
    expect(await it.conversationOf(admin, scanned.openId)).toMatchObject({ team: { id: sales!.id }, match: { code: 'source_qr' } })
    const clicked = it.follower(official)
    await clicked.clickMenu('REPAIR')
    await it.tick()
    await clicked.text('坏了')
    expect(await it.conversationOf(admin, clicked.openId)).toMatchObject({ team: { id: repair!.id }, match: { code: 'skill' } })
  })

  test('bad input: a team that is not there, or disabled, is passed over, and what a page claims harms nobody', async () => {
    const gone = await newTeam()
    await admin.patch(`/teams/${gone.id}`, { status: 'disabled', version: gone.version })
    for (const team of [gone.id, '01930000-0000-7000-8000-0000000000ee']) {
      expect((await begun(await it.webCustomer(web.id, { team }))).seen).toMatchObject({ team: null, match: { code: 'general' } })
    }
  })
})

describe('BP-003.3 then who serves him', () => {
  test('BP-003.3 the primary team, the secondary while that is closed; validity and scope count', async () => {
    const customer = await it.webCustomer(web.id)
    const first = await begun(customer)
    const { id } = first.seen.customer
    const closed = await closedTeam()
    await relate(id, closed)
    await relate(id, sales!, { rank: 'secondary' })
    await relate(id, repair!, { rank: 'secondary', businessTypeIds: [businesses[1]!.id] })
    await finish(first.shown.id)
    // Long enough after: it begins anew instead of going on.
    await it.travel(8 * 86_400_000)
    admin = await it.logIn(admin.me.username)
    agent = await it.logIn(agent.me.username)
    expect((await begun(customer)).seen).toMatchObject({
      team: { id: sales!.id },
      match: { code: 'relation', params: { rank: 'secondary', via: 'customer', team: sales!.name } },
    })
  })

  test('BP-003.2 before the first answer the agent sees what was before: how often, who, and how it ended', async () => {
    const customer = await it.webCustomer(web.id)
    const first = await begun(customer)
    expect(first.seen.recognition).toEqual({ earlier: 0, last: null })
    await finish(first.shown.id)
    const again = await begun(customer)
    expect(again.seen.recognition).toMatchObject({
      earlier: 1,
      last: { conversationId: first.shown.id, agent: { id: agent.me.id }, closeReason: 'resolved', lastText: '您好' },
    })
  })
})

const finish = async (id: string) => {
  await agent.post(`/conversations/${id}/accept`)
  await agent.post(`/conversations/${id}/close`, { reason: 'resolved', silent: true })
}

describe('BP-003.3 and where nobody fits, he is asked', () => {
  let asking: { id: string }
  beforeAll(async () => {
    asking = await it.connectWeb()
    await settle(asking, { choiceTeamIds: [sales!.id, repair!.id], choiceSeconds: 30 })
    await settle(official, { choiceTeamIds: [sales!.id, repair!.id], choiceSeconds: 30 })
  })

  test('BP-003.3 on the page he chooses by a button, once; agents who are free do not get him before', async () => {
    await agent.be('online')
    const customer = await it.webCustomer(asking.id)
    const { shown, seen } = await begun(customer)
    expect(shown.choices?.options.map(({ teamId }) => teamId)).toEqual([sales!.id, repair!.id])
    expect([shown.queue, seen.status, seen.waitingFor]).toEqual([null, 'queued', 'team_choice'])
    const choice = { conversationId: shown.id, teamId: repair!.id }
    await Promise.all([customer.post('/web/team-choice', choice), customer.post('/web/team-choice', choice)])
    expect(await admin.conversation(shown.id)).toMatchObject({
      waitingFor: null,
      team: { id: repair!.id },
      match: { code: 'customer_choice', params: { team: repair!.name } },
    })
  })

  test('bad input: a foreign team, a foreign conversation, a late choice', async () => {
    const customer = await it.webCustomer(asking.id)
    const { shown } = await begun(customer)
    const other = await newTeam()
    await customer.expectError('POST', '/web/team-choice', { conversationId: shown.id, teamId: other.id }, 400, 'invalid_request')
    const stranger = await it.webCustomer(asking.id)
    await stranger.expectError('POST', '/web/team-choice', { conversationId: shown.id, teamId: sales!.id }, 404, 'not_found')
    await it.travel(31_000)
    await until(async () => expect((await admin.conversation(shown.id)).match?.code).toBe('choice_timed_out'))
    expect(await admin.conversation(shown.id)).toMatchObject({ waitingFor: null, team: null, status: 'queued' })
    await customer.expectError('POST', '/web/team-choice', { conversationId: shown.id, teamId: sales!.id }, 409, 'choice_closed')
  })

  test('BP-003.3 on WeChat a click or a number answers', async () => {
    const [clicker, typist] = [it.follower(official), it.follower(official)]
    for (const customer of [clicker, typist]) await customer.text('你好')
    await until(() => expect(JSON.stringify(clicker.sent().at(-1))).toContain(sales!.name))
    await it.tick()
    await clicker.chooseOption({ id: `team:${sales!.id}`, text: sales!.name })
    await typist.text('２。')
    await until(async () => expect((await it.conversationOf(admin, clicker.openId)).team?.id).toBe(sales!.id))
    await until(async () => expect((await it.conversationOf(admin, typist.openId)).team?.id).toBe(repair!.id))
  })

  test('BP-003.3 who just writes on is not stuck: after two messages that are no answer the general queue has him', async () => {
    const customer = await it.webCustomer(asking.id)
    const { shown } = await begun(customer)
    await customer.say('我想问一下')
    expect((await admin.conversation(shown.id)).waitingFor).toBe('team_choice')
    await customer.say('你们几点下班')
    expect(await admin.conversation(shown.id)).toMatchObject({ waitingFor: null, team: null, match: { code: 'choice_ignored' } })
    expect((await conversationOf(customer)).queue).toMatchObject({ position: expect.any(Number) })
  })

  test('race: two messages of a newcomer at once are one conversation and one question', async () => {
    const customer = await it.webCustomer(asking.id)
    await Promise.all([customer.say('一'), customer.say('二')])
    const { id } = await conversationOf(customer)
    expect(await it.process.app.db('team_choices').where({ conversation_id: id })).toHaveLength(1)
    expect((await admin.messages(id)).filter(({ direction }) => direction === 'inbound')).toHaveLength(2)
  })

  test('race: fifty newcomers at one instant are asked fifty times, and nobody twice', async () => {
    const customers = await Promise.all(Array.from({ length: 50 }, () => it.webCustomer(asking.id)))
    await Promise.all(customers.map((customer) => customer.say('在吗')))
    const shown = await Promise.all(customers.map(conversationOf))
    expect(new Set(shown.map(({ id }) => id)).size).toBe(50)
    expect(shown.every(({ choices }) => choices?.options.length === 2)).toBe(true)
  })
})

describe('BP-003.3 settings', () => {
  test('refusal by role, an older version, a variable that nobody fills in, a disabled team', async () => {
    const before = await own(web)
    const body = { rules: before.rules, texts: {}, version: before.version }
    for (const path of ['/consultation/settings', `/consultation/settings/${web.id}`]) {
      await agent.expectError('GET', path, undefined, 403, 'forbidden')
      await agent.expectError('PUT', path, body, 403, 'forbidden')
    }
    const texts = { welcome: { on: true, zh: '您好 {姓名}', en: 'Hello' } }
    await admin.expectError('PUT', `/consultation/settings/${web.id}`, { ...body, texts }, 400, 'template_variable_unknown')
    await admin.expectError('PUT', `/consultation/settings/${web.id}`, { ...body, version: 7 }, 409, 'version_conflict')
    const foreign = { ...before.rules, teamId: '01930000-0000-7000-8000-0000000000ee' }
    await admin.expectError('PUT', `/consultation/settings/${web.id}`, { ...body, rules: foreign }, 409, 'team_disabled')
    const answers = await Promise.all([1, 2].map(() => admin.ask('PUT', `/consultation/settings/${web.id}`, body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { Notification } from '../../contract/notification.ts'
import type {
  ConversationRating,
  RatingFormState,
  RatingListItem,
  RatingRule,
  RatingSettings,
  RatingSummary,
} from '../../contract/rating.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

async function onTheWeb(request: object = {}): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id, request)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}

async function onWeChat(): Promise<{ customer: SimulatedCustomer; id: string }> {
  const customer = it.follower(official)
  await customer.text('在吗')
  const { id } = await it.conversationOf(admin, customer.openId)
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}

const invite = (id: string, by = agent) => by.post<ConversationRating>(`/conversations/${id}/rating-invitations`)
const ratingOf = (id: string, by = agent) => by.get<ConversationRating>(`/conversations/${id}/rating`)
const rated = (id: string) =>
  until(async () => {
    const { rating } = await ratingOf(id)
    if (!rating) throw new Error('not rated yet')
    return rating
  })
/** The menu that arrived on the phone. */
const menuOf = (customer: SimulatedCustomer) =>
  until(() => {
    const menu = customer.sent().flatMap(({ content }) => (content.type === 'menu' ? [content] : []))
    if (menu.length === 0) throw new Error('no menu yet')
    return Promise.resolve(menu[0]!)
  })
const textsTo = (customer: SimulatedCustomer) => customer.sent().flatMap(({ content }) => (content.type === 'text' ? [content.text] : []))
const settings = () => admin.get<RatingSettings>('/rating-settings')
const reasonFor = async (level: string) => (await settings()).reasons.find((reason) => reason.level === level)?.id ?? ''
const linkIn = (text: string) => /\/rate\/([\w-]+)/.exec(text)?.[1] ?? ''

describe('BP-004.9 on the web page', () => {
  test('BP-004.9 the agent asks, the card stands in the chat, the customer rates with reasons and words; everybody sees what he should', async () => {
    const { customer, id } = await onTheWeb()
    const asked = await invite(id)
    expect(asked).toMatchObject({ invitation: { form: 'card', trigger: 'agent', agent: { name: '林晓' } }, rating: null, canInvite: false })
    const invitationId = asked.invitation?.id ?? ''
    const card = (await customer.history()).messages.at(-1)?.parts[0]
    expect(card).toMatchObject({ type: 'menu', options: expect.arrayContaining([{ id: `rating:${invitationId}:5`, text: '5 非常满意' }]) })
    const form = await customer.get<RatingFormState>(`/web/ratings/${invitationId}`)
    expect(form).toMatchObject({ state: 'open', scale: 5, agentName: '林晓', score: null })
    const given = await customer.post<RatingFormState>('/web/ratings', {
      invitationId,
      score: 2,
      reasons: [await reasonFor('low')],
      comment: ' 等了很久 ',
    })
    expect(given).toMatchObject({ state: 'rated', score: 2, canExplain: false, thanks: (await settings()).texts.thanksLow.zh })
    expect(await ratingOf(id)).toMatchObject({
      invitation: { state: 'rated' },
      rating: { score: 2, scale: 5, level: 'low', comment: '等了很久', reasons: [{ level: 'low' }] },
    })
    // A line among staff, which the customer does not get.
    await until(async () => expect(JSON.stringify(await agent.messages(id))).toContain('rating_given'))
    expect(JSON.stringify(await customer.history())).not.toContain('rating_given')
    // In the customer's timeline.
    const { customer: person } = await agent.conversation(id)
    const timeline = await agent.get<{ kind: string; text: string; state: string }[]>(`/customers/${person.id}/timeline?kind=rating`)
    expect(timeline).toMatchObject([{ kind: 'rating', text: '等了很久', state: 'low', facts: { score: 2, scale: 5, readable: true } }])
  })

  test('BP-004.9 question, options and thanks are in the language of his page, or of his profile on WeChat', async () => {
    const { customer, id } = await onTheWeb({ locale: 'en' })
    const invitationId = (await invite(id)).invitation?.id ?? ''
    const { texts } = await settings()
    const card = (await customer.history()).messages.at(-1)?.parts[0]
    expect(card).toMatchObject({
      head: texts.invite.en,
      options: expect.arrayContaining([expect.objectContaining({ text: '5 Very good' })]),
    })
    expect((await customer.get<RatingFormState>(`/web/ratings/${invitationId}`)).invite).toBe(texts.invite.en)
    expect((await customer.post<RatingFormState>('/web/ratings', { invitationId, score: 5 })).thanks).toBe(texts.thanksHigh.en)
    const { customer: follower, id: onPhone } = await onWeChat()
    // What the platform tells of a newcomer takes the place of all that was known: it has come by then.
    await it.process.idle()
    await it.process.app
      .db('customer_identities')
      .where({ value: follower.openId })
      .update({ profile: { language: 'en' } })
    await invite(onPhone)
    expect((await menuOf(follower)).head).toBe(texts.invite.en)
  })

  test('S24 BP-004.9 a service is rated once: a second answer, two at once, somebody else’s, a foreign reason and a score beyond the scale are refused', async () => {
    const { customer, id } = await onTheWeb()
    const invitationId = (await invite(id)).invitation?.id ?? ''
    const stranger = await it.webCustomer(web.id)
    await stranger.expectError('GET', `/web/ratings/${invitationId}`, undefined, 404, 'not_found')
    await stranger.expectError('POST', '/web/ratings', { invitationId, score: 1 }, 404, 'not_found')
    await customer.expectError('POST', '/web/ratings', { invitationId, score: 6 }, 400, 'invalid_request')
    await customer.expectError('POST', '/web/ratings', { invitationId, score: 0 }, 400, 'invalid_request')
    await customer.expectError('POST', '/web/ratings', { invitationId, score: 5, reasons: [await reasonFor('low')] }, 400, 'entry_unknown')
    const both = await Promise.all([4, 5].map((score) => customer.ask('POST', '/web/ratings', { invitationId, score })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(both.find(({ status }) => status === 409)?.body.error.code).toBe('rating_given')
    await customer.expectError('POST', '/web/ratings', { invitationId, score: 1, comment: '改主意了' }, 409, 'rating_given')
    expect(await it.process.app.db('ratings').where({ conversation_id: id })).toHaveLength(1)
    await agent.expectError('POST', `/conversations/${id}/rating-invitations`, undefined, 409, 'rating_invited')
  })

  test('BP-004.9 after the expiry nobody rates', async () => {
    const { customer, id } = await onTheWeb()
    const invitationId = (await invite(id)).invitation?.id ?? ''
    await it.travel(49 * 3_600_000)
    await customer.expectError('POST', '/web/ratings', { invitationId, score: 5 }, 409, 'rating_expired')
    expect(await customer.get(`/web/ratings/${invitationId}`)).toMatchObject({ state: 'expired' })
    expect((await (await it.logIn(agent.me.username)).get<ConversationRating>(`/conversations/${id}/rating`)).invitation?.state).toBe(
      'expired',
    )
    agent = await it.logIn(agent.me.username)
    admin = await it.logIn(admin.me.username)
  })
})

describe('BP-004.9 on WeChat', () => {
  test('BP-004.9 a menu message asks after the end by rule; a tap answers it, opens no conversation, and is thanked for', async () => {
    const rule = {
      name: unique('rule'),
      closeReasons: ['resolved'],
      channelAccountIds: [official.id],
      teamIds: [],
      invite: true,
      enabled: true,
    }
    const { id: ruleId, version } = await admin.post<RatingRule>('/rating-rules', rule)
    const { customer, id } = await onWeChat()
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
    const menu = await menuOf(customer)
    const before = await ratingOf(id)
    expect(before.invitation).toMatchObject({ form: 'menu', trigger: 'rule', invitedBy: null, agent: { id: agent.me.id } })
    await customer.chooseOption(menu.options.find(({ text }) => text.startsWith('4'))!)
    expect(await rated(id)).toMatchObject({ score: 4, level: 'high' })
    const { texts } = await settings()
    const thanks = await until(() => {
      const text = textsTo(customer).find((one) => one.startsWith(texts.thanksHigh.zh))
      if (text === undefined) throw new Error('no thanks yet')
      return Promise.resolve(text)
    })
    expect((await it.conversationOf(admin, customer.openId)).id).toBe(id)
    // The link lets him say why, once; the same score, nothing else.
    const token = linkIn(thanks)
    const page = it.anonymous()
    expect(await page.get(`/rating-links/${token}`)).toMatchObject({ state: 'rated', score: 4, canExplain: true })
    await page.expectError('POST', `/rating-links/${token}`, { score: 1, comment: '其实很差' }, 409, 'rating_given')
    await page.post(`/rating-links/${token}`, { score: 4, reasons: [await reasonFor('high')], comment: '很快' })
    await page.expectError('POST', `/rating-links/${token}`, { score: 4, comment: '再说一遍' }, 409, 'rating_given')
    expect((await ratingOf(id)).rating).toMatchObject({ score: 4, comment: '很快' })
    for (const forged of [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, 'a'.repeat(46)])
      await page.expectError('GET', `/rating-links/${forged}`, undefined, 404, 'not_found')
    // Tapping again changes nothing and is told so.
    await customer.chooseOption(menu.options.find(({ text }) => text.startsWith('1'))!)
    await until(() => Promise.resolve(expect(textsTo(customer)).toContain(texts.late.zh)))
    expect((await ratingOf(id)).rating).toMatchObject({ score: 4 })
    await admin.ask('DELETE', `/rating-rules/${ruleId}?version=${version}`)
  })

  test('BP-004.9 a typed number answers while the question is the last word; later it is a message like any other', async () => {
    const first = await onWeChat()
    await invite(first.id)
    await menuOf(first.customer)
    await first.customer.text('【5】')
    expect(await rated(first.id)).toMatchObject({ score: 5 })
    const second = await onWeChat()
    await invite(second.id)
    await menuOf(second.customer)
    await second.customer.text('还有一个问题')
    await second.customer.text('5')
    await until(async () => expect(JSON.stringify(await agent.messages(second.id))).toContain('"text":"5"'))
    expect((await ratingOf(second.id)).rating).toBeNull()
  })

  test('BP-004.9 the same callback three times is one rating', async () => {
    const { customer, id } = await onWeChat()
    await invite(id)
    const [best] = (await menuOf(customer)).options
    await Promise.all([customer.chooseOption(best!), customer.chooseOption(best!)])
    await rated(id)
    expect(await it.process.app.db('ratings').where({ conversation_id: id })).toHaveLength(1)
  })

  test('BP-004.9 a closed reply window is told as such, and asking again is possible once the customer has written', async () => {
    const { customer, id } = await onWeChat()
    await it.travel(49 * 3_600_000)
    agent = await it.logIn(agent.me.username)
    admin = await it.logIn(admin.me.username)
    expect(await invite(id)).toMatchObject({ invitation: { state: 'not_sent', reason: 'reply_window_closed' }, canInvite: true })
    await customer.text('我又来了')
    await until(async () => expect((await agent.conversation(id)).replyWindow.state).toBe('open'))
    expect((await invite(id)).invitation).toMatchObject({ reason: null })
    await menuOf(customer)
  })
})

describe('BP-004.9 who may what', () => {
  test('BP-004.9 only who serves asks; nobody is asked before somebody serves', async () => {
    const { id } = await onTheWeb()
    const other = await it.staff('agent')
    await other.expectError('POST', `/conversations/${id}/rating-invitations`, undefined, 404, 'not_found')
    await other.expectError('GET', `/conversations/${id}/rating`, undefined, 404, 'not_found')
    const waiting = await it.webCustomer(web.id)
    await waiting.say('有人吗')
    const queued = (await waiting.history()).conversation?.id ?? ''
    await other.expectError('POST', `/conversations/${queued}/rating-invitations`, undefined, 403, 'forbidden')
    await admin.expectError('POST', `/conversations/${queued}/rating-invitations`, undefined, 409, 'rating_without_agent')
  })

  test('BP-004.9 of two invitations at once one is sent', async () => {
    const { customer, id } = await onTheWeb()
    const both = await Promise.all([agent, admin].map((one) => one.ask('POST', `/conversations/${id}/rating-invitations`)))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    const cards = (await customer.history()).messages.filter(({ parts }) => parts[0]?.type === 'menu')
    expect(cards).toHaveLength(1)
  })

  test('BP-004.9 a low score reaches the supervisor of the team, who lists the ratings of his people and no others', async () => {
    const supervisor = await it.staff('supervisor')
    const team = await admin.post<{ id: string }>('/teams', { name: unique('team'), leaderId: supervisor.me.id })
    await admin.post(`/teams/${team.id}/members`, { accountIds: [agent.me.id], role: 'agent' })
    const { customer, id } = await onTheWeb()
    const invitationId = (await invite(id)).invitation?.id ?? ''
    await customer.post('/web/ratings', { invitationId, score: 1, comment: '没解决' })
    await until(async () => {
      const told = await supervisor.get<Notification[]>('/notifications')
      expect(told).toContainEqual(expect.objectContaining({ kind: 'rating.low', link: `/workbench/${id}` }))
    })
    const list = await supervisor.get<RatingListItem[]>('/ratings?level=low&commented=true')
    expect(list[0]).toMatchObject({ conversationId: id, score: 1, comment: '没解决', agent: { id: agent.me.id } })
    const summary = await supervisor.get<RatingSummary>('/ratings/summary')
    expect(summary.low).toBeGreaterThan(0)
    expect(summary.answered).toBe(summary.low + summary.middle + summary.high)
    const stranger = await it.staff('supervisor')
    expect(await stranger.get('/ratings')).toEqual([])
    expect(await stranger.get('/ratings/summary')).toMatchObject({ low: 0, invited: 0, satisfied: null })
    await agent.expectError('GET', '/ratings', undefined, 403, 'forbidden')
  })
})

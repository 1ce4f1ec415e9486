/** Passing a conversation on: offered, and then one of four endings; or into a team's hands. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import type { Transfer, TransferCandidates } from '../../contract/transfer.ts'
import { endUnanswered } from '../../modules/conversations/transfers/end-offer.ts'
import { type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
const NOBODY = '01930000-0000-7000-8000-0000000000ff'

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

interface Held {
  id: string
  customer: WebCustomer
}
/** A conversation that this agent has. */
async function heldBy(agent: StaffClient): Promise<Held> {
  const customer = await it.webCustomer(web.id)
  await customer.say('我要换货')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { id, customer }
}
/** There, and not given what waits: who is busy can be asked. */
async function pair(): Promise<{ giver: StaffClient; taker: StaffClient }> {
  const [giver, taker] = await Promise.all([it.staff('agent', unique('李娜')), it.staff('agent', unique('王强'))])
  await taker.be('busy')
  return { giver, taker }
}
const offer = (from: StaffClient, id: string, to: StaffClient, note?: string) =>
  from.post<Transfer>(`/conversations/${id}/transfers`, { to: { accountId: to.me.id }, ...(note === undefined ? {} : { note }) })
const decide = (who: StaffClient, { id }: Transfer, how: string, body?: object) => who.ask('POST', `/transfers/${id}/${how}`, body)
const transfersIn = (reader: StaffClient, id: string) => reader.get<Transfer[]>(`/conversations/${id}/transfers`)
const told = async (who: StaffClient, kind: string) =>
  (await who.get<Notification[]>('/notifications')).filter((notification) => notification.kind === kind)
const noticesIn = async (id: string): Promise<string[]> =>
  (await admin.messages(id)).flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'notice' ? part.code : [])))
const holders = (id: string): Promise<{ account_id: string }[]> =>
  it.process.app.db('assignments').where({ work_id: id }).whereNull('ended_at').select('account_id')

describe('BP-004.6 a colleague is asked', () => {
  test('BP-004.6 until he says yes it stays with whoever has it; then he has it, with the note, the draft and the helpers', async () => {
    const { giver, taker } = await pair()
    const helper = await it.staff('agent')
    const { id, customer } = await heldBy(giver)
    await giver.post(`/conversations/${id}/helpers`, { accountId: helper.me.id })
    const [ears, giverEars] = [await taker.socket(), await giver.socket()]
    const transfer = await offer(giver, id, taker, '订单已核对，请跟进换货')
    expect(transfer).toMatchObject({
      state: 'offered',
      from: { id: giver.me.id },
      by: { id: giver.me.id },
      to: { kind: 'agent', id: taker.me.id },
    })
    await ears.waitFor('transfer.updated', ({ patch }) => patch.transfer.id === transfer.id && patch.transfer.state === 'offered')
    await ears.waitFor('notification.created', ({ patch }) => patch.notification.kind === 'transfer.offered')
    // He sees it before he decides; it is not his yet.
    expect(await taker.conversation(id)).toMatchObject({
      assignee: { id: giver.me.id },
      transfer: { id: transfer.id, note: '订单已核对，请跟进换货', to: { id: taker.me.id } },
      permissions: { reply: false },
    })
    await taker.expectError(
      'POST',
      `/conversations/${id}/messages`,
      { clientKey: 'too-early', parts: [{ type: 'text', text: '您好' }] },
      403,
      'forbidden',
    )
    await giver.reply(id, '马上为您转接')
    await giver.put(`/conversations/${id}/draft`, { text: '我先帮您登记' })
    expect((await decide(taker, transfer, 'accept')).body.data).toMatchObject({ state: 'accepted', decidedBy: { id: taker.me.id } })
    const after = await taker.conversation(id)
    expect(after).toMatchObject({ assignee: { id: taker.me.id }, transfer: null, draft: '我先帮您登记', helpers: [{ id: helper.me.id }] })
    expect((await taker.messages(id)).flatMap(({ parts }) => parts)).toContainEqual({ type: 'text', text: '订单已核对，请跟进换货' })
    await taker.reply(id, '您好，由我继续为您处理')
    await giverEars.waitFor('conversation.removed', (event) => event.id === id)
    expect(await told(giver, 'transfer.accepted')).toHaveLength(1)
    // The one before has no part in it any more (S1).
    await giver.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    await giver.expectError('GET', `/conversations/${id}/transfers`, undefined, 404, 'not_found')
    // The customer reads that he was passed on, not why nor what was said about him.
    const page = await customer.history()
    expect(page.conversation?.agent?.name).toBe(taker.me.name)
    const lines = page.messages.flatMap(({ parts }) => parts)
    expect(lines).toContainEqual({ type: 'notice', code: 'conversation_transferred', params: { name: taker.me.name } })
    expect(JSON.stringify(page)).not.toContain('订单已核对')
    expect(JSON.stringify(page)).not.toContain(helper.me.name)
  })

  test('BP-004.6 he says no, with a reason, and it stays', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const transfer = await offer(giver, id, taker)
    expect((await decide(taker, transfer, 'decline', { reason: 'wrong_skill', note: '这个要找财务' })).body.data).toMatchObject({
      state: 'declined',
      reason: 'wrong_skill',
    })
    expect(await giver.conversation(id)).toMatchObject({ assignee: { id: giver.me.id }, transfer: null })
    expect(await told(giver, 'transfer.declined')).toHaveLength(1)
    expect(await noticesIn(id)).toContain('transfer_declined')
    await taker.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    // Whatever is decided stays so: again is nothing, something else is refused.
    expect((await decide(taker, transfer, 'decline', { reason: 'busy' })).body.data.reason).toBe('wrong_skill')
    expect(await taker.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 409, 'transfer_decided')).toMatchObject({
      state: 'declined',
    })
    // And somebody else can be asked.
    const other = await it.staff('agent')
    await other.be('busy')
    expect((await offer(giver, id, other)).state).toBe('offered')
  })

  test('BP-004.6 nobody answers in time: it ends once, the giver is told once, whatever processes look', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const rules = await admin.get<{ acceptSeconds: number; version: number }>('/transfer-rules')
    await admin.put('/transfer-rules', { acceptSeconds: 30, version: rules.version })
    await admin.expectError('PUT', '/transfer-rules', { acceptSeconds: 60, version: rules.version }, 409, 'version_conflict')
    await giver.expectError('PUT', '/transfer-rules', { acceptSeconds: 60, version: rules.version + 1 }, 403, 'forbidden')
    const transfer = await offer(giver, id, taker)
    expect(Date.parse(transfer.expiresAt ?? '') - Date.parse(transfer.offeredAt)).toBe(30_000)
    await it.travel(31_000)
    await taker.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 409, 'transfer_decided')
    await until(async () => expect((await transfersIn(giver, id))[0]?.state).toBe('timed_out'))
    await Promise.all([endUnanswered(it.process.app), endUnanswered(it.process.app)])
    expect((await noticesIn(id)).filter((code) => code === 'transfer_timed_out')).toHaveLength(1)
    expect(await told(giver, 'transfer.timed_out')).toHaveLength(1)
    expect((await giver.conversation(id)).assignee?.id).toBe(giver.me.id)
  })

  test('BP-004.6 who offered takes it back; a stranger cannot, nor decide for him who was asked', async () => {
    const { giver, taker } = await pair()
    const stranger = await it.staff('agent')
    const { id } = await heldBy(giver)
    const transfer = await offer(giver, id, taker)
    for (const how of ['accept', 'cancel']) expect((await decide(stranger, transfer, how)).status).toBe(404)
    expect((await decide(stranger, transfer, 'decline', {})).status).toBe(404)
    await giver.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 403, 'forbidden')
    expect((await decide(giver, transfer, 'cancel')).body.data).toMatchObject({ state: 'cancelled', reason: 'by_hand' })
    expect((await decide(giver, transfer, 'cancel')).status).toBe(200)
    expect(await taker.get<Transfer[]>('/me/transfers')).toEqual([])
    await taker.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 409, 'transfer_decided')
  })

  test('BP-004.6 asking twice is asking once; asking a second person meanwhile is refused', async () => {
    const { giver, taker } = await pair()
    const other = await it.staff('agent')
    await other.be('busy')
    const { id } = await heldBy(giver)
    const [one, two] = await Promise.all([offer(giver, id, taker, '请跟进'), offer(giver, id, taker, '请跟进')])
    expect(one.id).toBe(two.id)
    expect(await told(taker, 'transfer.offered')).toHaveLength(1)
    await giver.expectError('POST', `/conversations/${id}/transfers`, { to: { accountId: other.me.id } }, 409, 'transfer_running')
    expect(await noticesIn(id)).toEqual(expect.arrayContaining(['transfer_offered']))
  })
})

describe('BP-004.6 who cannot be asked', () => {
  test('BP-004.6 himself, whoever has it, somebody offline, full, disabled, or unknown', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const refused = (to: object, status: number, code: Parameters<StaffClient['expectError']>[4]) =>
      giver.expectError('POST', `/conversations/${id}/transfers`, { to }, status, code)
    await refused({ accountId: giver.me.id }, 400, 'transfer_to_self')
    await refused({ accountId: NOBODY }, 400, 'staff_not_active')
    await refused({ accountId: 'nobody' }, 400, 'invalid_request')
    await refused({}, 400, 'invalid_request')
    await taker.be('offline')
    await refused({ accountId: taker.me.id }, 409, 'target_offline')
    await taker.be('busy')
    await it.process.app.db('presences').where({ account_id: taker.me.id }).update({ capacity: 1 })
    await heldBy(taker)
    await refused({ accountId: taker.me.id }, 409, 'target_at_capacity')
    const people = (await giver.get<TransferCandidates>(`/conversations/${id}/colleagues`)).people
    expect(people.find((one) => one.id === taker.me.id)).toMatchObject({
      refusal: 'target_at_capacity',
      load: 1,
      capacity: 1,
      mentionable: false,
    })
    expect(people.find((one) => one.id === giver.me.id)).toMatchObject({ refusal: 'transfer_to_self' })
    await it.process.app.db('accounts').where({ id: taker.me.id }).update({ status: 'disabled' })
    await refused({ accountId: taker.me.id }, 400, 'staff_not_active')
    expect(await transfersIn(giver, id)).toEqual([])
    expect((await giver.conversation(id)).assignee?.id).toBe(giver.me.id)
  })

  test('BP-004.6 who became full meanwhile is told when he accepts; the offer stands', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    await it.process.app.db('presences').where({ account_id: taker.me.id }).update({ capacity: 1 })
    const transfer = await offer(giver, id, taker)
    await heldBy(taker)
    await taker.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 409, 'at_capacity')
    expect((await giver.conversation(id)).transfer?.id).toBe(transfer.id)
  })

  test('BP-004.6 what waits, is over, or is somebody else’s cannot be passed on (S24)', async () => {
    const { giver, taker } = await pair()
    const stranger = await it.staff('agent')
    const to = { to: { accountId: taker.me.id } }
    const customer = await it.webCustomer(web.id)
    await customer.say('在吗')
    const waiting = (await customer.history()).conversation?.id ?? ''
    await giver.expectError('POST', `/conversations/${waiting}/transfers`, to, 409, 'conversation_not_assigned')
    const { id } = await heldBy(giver)
    await stranger.expectError('POST', `/conversations/${id}/transfers`, to, 404, 'not_found')
    await giver.post(`/conversations/${id}/close`, { reason: 'resolved' })
    await giver.expectError('POST', `/conversations/${id}/transfers`, to, 409, 'conversation_closed')
    await customer.expectError('POST', `/conversations/${id}/transfers`, to, 401, 'unauthenticated')
  })
})

describe('BP-004.6 to a team', () => {
  test('BP-004.6 nobody is free: the customer waits in the team’s queue, and what was begun is left for whoever takes it', async () => {
    const { giver, taker } = await pair()
    const team = await admin.post<{ id: string; name: string }>('/teams', { name: unique('售后组') })
    await admin.post(`/teams/${team.id}/members`, { accountIds: [taker.me.id], role: 'agent' })
    const { id } = await heldBy(giver)
    await giver.put(`/conversations/${id}/draft`, { text: '退款三天到账' })
    const transfer = await giver.post<Transfer>(`/conversations/${id}/transfers`, { to: { teamId: team.id }, note: '客户要退款' })
    expect(transfer).toMatchObject({ state: 'accepted', to: { kind: 'team', id: team.id, name: team.name }, expiresAt: null })
    await until(async () => expect(await admin.conversation(id)).toMatchObject({ status: 'queued', assignee: null, team: { id: team.id } }))
    expect((await holders(id)).length).toBe(0)
    expect(JSON.stringify(await admin.messages(id))).toContain('退款三天到账')
    await taker.post(`/conversations/${id}/accept`)
    expect((await taker.messages(id)).flatMap(({ parts }) => parts)).toContainEqual({ type: 'text', text: '客户要退款' })
    await giver.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
  })

  test('BP-004.6 somebody of the team is free: he has it at once, and nobody outside it', async () => {
    const { giver, taker } = await pair()
    const team = await admin.post<{ id: string }>('/teams', { name: unique('售前组') })
    await admin.post(`/teams/${team.id}/members`, { accountIds: [taker.me.id], role: 'agent' })
    const { id } = await heldBy(giver)
    await taker.be('online')
    await giver.post<Transfer>(`/conversations/${id}/transfers`, { to: { teamId: team.id } })
    await until(async () => expect((await admin.conversation(id)).assignee?.id).toBe(taker.me.id))
    await taker.be('offline')
  })

  test('BP-004.6 a team that is disabled, outside its hours or unknown gets nothing', async () => {
    const { giver } = await pair()
    const { id } = await heldBy(giver)
    const team = await admin.post<{ id: string; version: number }>('/teams', { name: unique('旧团队') })
    await it.process.app.db('teams').where({ id: team.id }).update({ status: 'disabled' })
    await giver.expectError('POST', `/conversations/${id}/transfers`, { to: { teamId: team.id } }, 409, 'team_disabled')
    await giver.expectError('POST', `/conversations/${id}/transfers`, { to: { teamId: NOBODY } }, 404, 'not_found')
    const calendar = await admin.post<{ id: string }>('/calendars', {
      name: unique('从不'),
      timeZone: 'Asia/Shanghai',
      weekly: [[], [], [], [], [], [], []],
    })
    await it.process.app.db('teams').where({ id: team.id }).update({ status: 'active', calendar_id: calendar.id })
    await giver.expectError('POST', `/conversations/${id}/transfers`, { to: { teamId: team.id } }, 409, 'team_closed')
    expect((await giver.conversation(id)).assignee?.id).toBe(giver.me.id)
  })
})

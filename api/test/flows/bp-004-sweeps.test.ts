/** What the clock does to many conversations, when one of them cannot be written: the others get theirs, and it gets its own as soon as it can. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { ConsultationSettings } from '../../contract/consultation.ts'
import type { ConversationRules } from '../../contract/ending.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let owner: pg.Client
const MINUTE = 60_000

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  web = await it.connectWeb()
  const [rules] = await admin.get<ConversationRules[]>('/conversation-rules')
  await admin.patch(`/conversation-rules/${rules?.id}`, { idleWarnMinutes: 10, idleCloseMinutes: 0, version: rules?.version })
  const { rules: before, version } = await admin.get<ConsultationSettings>(`/consultation/settings/${web.id}`)
  await admin.put(`/consultation/settings/${web.id}`, { rules: { ...before, queueMinutes: 5 }, texts: {}, version })
  owner = new pg.Client({ connectionString: it.process.app.config.databaseOwnerUrl })
  await owner.connect()
  await owner.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'this row is spoiled'; end $$`)
})
afterAll(async () => {
  await owner.end()
  await it.stop()
})

/** No change of this row is taken until it is mended, as with any fault that belongs to one row. */
const spoil = (table: string, id: string) =>
  owner.query(`create trigger spoiled before update on ${table} for each row when (new.id = '${id}') execute function refuse()`)
const mend = (table: string) => owner.query(`drop trigger spoiled on ${table}`)

async function waiting(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('你好')
  return { customer, id: (await customer.history()).conversation?.id ?? '' }
}
async function talking(): Promise<string> {
  const { id } = await waiting()
  await agent.post(`/conversations/${id}/accept`)
  return id
}
const soon = () => new Date(it.now() + 3 * MINUTE).toISOString()
const logged = (event: string, id: string) => until(() => expect(it.log.filter((line) => line.includes(event)).join()).toContain(id))

describe('BP-004 a sweep goes on past a row that fails', () => {
  test('BP-004.8 what was put aside comes back: the rest at their moment, the spoiled one when it is mended', async () => {
    const [bad, good] = [await talking(), await talking()]
    for (const id of [bad, good]) await agent.put(`/conversations/${id}/snooze`, { snooze: { until: soon() } })
    await spoil('conversations', bad)
    await it.travel(4 * MINUTE)
    await until(async () => expect((await agent.conversation(good)).snooze).toBeNull())
    await logged('conversations.snooze_not_ended', bad)
    expect((await agent.conversation(bad)).snooze).not.toBeNull()
    await mend('conversations')
    await until(async () => expect((await agent.conversation(bad)).snooze).toBeNull())
    for (const id of [bad, good]) await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test('BP-004.8 reminders: everybody else is reminded, and the spoiled one comes late, once', async () => {
    const id = await talking()
    const remind = () => agent.post<{ id: string }>(`/conversations/${id}/reminders`, { clientKey: newKey(), at: soon(), text: '回访' })
    const [bad, good] = [await remind(), await remind()]
    await spoil('conversation_reminders', bad.id)
    await it.travel(4 * MINUTE)
    const done = async () => (await agent.get<{ id: string }[]>('/me/reminders?done=true')).map((each) => each.id)
    await until(async () => expect(await done()).toEqual([good.id]))
    await logged('conversations.reminder_not_told', bad.id)
    await mend('conversation_reminders')
    await until(async () => expect((await done()).toSorted()).toEqual([bad.id, good.id].toSorted()))
    await agent.post(`/conversations/${id}/close`, { reason: 'resolved' })
  })

  test('BP-004.8 silence: the others end by the rule', async () => {
    const [bad, good] = [await talking(), await talking()]
    for (const id of [bad, good]) await agent.reply(id, '请问订单号是多少？')
    await spoil('conversations', bad)
    await it.travel(11 * MINUTE)
    await until(async () => expect((await admin.conversation(good)).closeReason).toBe('idle'))
    await logged('conversations.idle_not_ended', bad)
    expect((await admin.conversation(bad)).status).toBe('open')
    await mend('conversations')
    await until(async () => expect((await admin.conversation(bad)).closeReason).toBe('idle'))
  })

  test('BP-003.5 waiting: who has waited too long is let go, and nobody stands in his way', async () => {
    const [bad, good] = [await waiting(), await waiting()]
    await spoil('conversations', bad.id)
    await it.travel(6 * MINUTE)
    await until(async () => expect((await admin.conversation(good.id)).closeReason).toBe('timed_out'))
    await logged('conversations.wait_not_ended', bad.id)
    await mend('conversations')
    await until(async () => expect((await admin.conversation(bad.id)).closeReason).toBe('timed_out'))
  })
})

test('BP-003.6 what somebody in the queue was told of his place is remembered while he waits, and forgotten with the next look', async () => {
  const { id } = await waiting()
  const remembered = async () => (await it.process.app.db('queue_standings').where({ conversation_id: id })).length
  await until(async () => expect(await remembered()).toBe(1))
  await agent.post(`/conversations/${id}/accept`)
  await until(async () => expect(await remembered()).toBe(0))
})

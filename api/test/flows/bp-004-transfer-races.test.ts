/** Passing a conversation on while something else happens to it: one of the two comes first, and there is always one owner. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Transfer } from '../../contract/transfer.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

/** A conversation that this agent has. */
async function heldBy(agent: StaffClient): Promise<{ id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('我要换货')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { id }
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

const noticesIn = async (id: string): Promise<string[]> =>
  (await admin.messages(id)).flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'notice' ? part.code : [])))
const holders = (id: string): Promise<{ account_id: string }[]> =>
  it.process.app.db('assignments').where({ work_id: id }).whereNull('ended_at').select('account_id')

describe('BP-004.6 two at once', () => {
  test('BP-004.6 accepted twice in one moment is accepted once; there is one owner', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const transfer = await offer(giver, id, taker)
    const answers = await Promise.all([decide(taker, transfer, 'accept'), decide(taker, transfer, 'accept')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await holders(id)).toEqual([{ account_id: taker.me.id }])
    expect((await noticesIn(id)).filter((code) => code === 'transfer_accepted')).toHaveLength(1)
  })

  test('BP-004.6 accepted while it is taken back: one comes first, the other is told', async () => {
    const { giver, taker } = await pair()
    for (let round = 0; round < 4; round++) {
      const { id } = await heldBy(giver)
      const transfer = await offer(giver, id, taker)
      const [yes, no] = await Promise.all([decide(taker, transfer, 'accept'), decide(giver, transfer, 'cancel')])
      expect([yes.status, no.status].sort()).toEqual([200, 409])
      const owner = yes.status === 200 ? taker : giver
      expect(await holders(id)).toEqual([{ account_id: owner.me.id }])
      expect((await admin.conversation(id)).assignee?.id).toBe(owner.me.id)
    }
  })

  test('BP-004.6 accepted while it is closed: never both, and the offer does not outlive the conversation', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const transfer = await offer(giver, id, taker)
    const [yes, closed] = await Promise.all([
      decide(taker, transfer, 'accept'),
      giver.ask('POST', `/conversations/${id}/close`, { reason: 'resolved' }),
    ])
    expect([yes.status, closed.status].filter((status) => status === 200)).toHaveLength(1)
    await until(async () => expect((await transfersIn(admin, id))[0]?.state).not.toBe('offered'))
  })

  test('BP-004.6 somebody else gets it meanwhile: the offer ends by itself', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    const transfer = await offer(giver, id, taker)
    const row = await admin.get<Conversation>(`/conversations/${id}`)
    await admin.post(`/conversations/${id}/take-over`, { from: row.assignee?.id, reason: '客户点名' })
    await taker.expectError('POST', `/transfers/${transfer.id}/accept`, undefined, 409, 'transfer_decided')
    expect((await transfersIn(admin, id))[0]).toMatchObject({ state: 'cancelled', reason: 'taken_over' })
    await taker.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
  })

  test('BP-004.6 who is asked leaves the house: nobody waits for his answer', async () => {
    const { giver, taker } = await pair()
    const { id } = await heldBy(giver)
    await offer(giver, id, taker)
    const { version } = await admin.get<{ version: number }>(`/staff-members/${taker.me.id}`)
    await admin.post(`/staff-members/${taker.me.id}/disable`, { version })
    expect((await transfersIn(giver, id))[0]).toMatchObject({ state: 'cancelled', reason: 'person_disabled' })
    expect(await giver.conversation(id)).toMatchObject({ transfer: null, assignee: { id: giver.me.id } })
  })
})

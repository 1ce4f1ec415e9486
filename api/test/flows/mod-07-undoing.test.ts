import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conversation } from '../../contract/conversation.ts'
import type { Customer } from '../../contract/customer.ts'
import type { CustomerMerge, MergeSuggestion } from '../../contract/merge.ts'
import type { Tag } from '../../contract/tag.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { noteContacts } from '../../modules/customers/index.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }
let official: OfficialAccount
let tags: Tag[]

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb()
  official = await it.connectOfficial()
  tags = [await newTag('#c0392b'), await newTag('#2f6fed'), await newTag('#2e8b57')]
})
afterAll(() => it.stop())

const newTag = (color: string) => admin.post<Tag>('/customer-tags', { name: unique('标签'), color })
const get = (id: string) => admin.get<Customer>(`/customers/${id}`)
const add = (body: object) => admin.post<Customer>('/customers', { name: unique('客户'), ...body })

/** What the clock would do by and by, now. */
async function runSchedule(name: string): Promise<void> {
  const { app } = it.process
  const schedule = app.modules.flatMap(({ schedules = [] }) => schedules).find((one) => one.name === name)
  await schedule!.run(app)
}

/** Somebody who writes on our page, with what he is to staff. */
async function visitor(words = '在吗'): Promise<{ page: WebCustomer; id: string; conversationId: string }> {
  const page = await it.webCustomer(web.id)
  await page.say(words)
  // When he was last in touch is noted behind his message.
  await it.process.idle()
  const { conversation } = await page.history()
  const { customer } = await admin.conversation(conversation?.id ?? '')
  return { page, id: customer.id, conversationId: conversation?.id ?? '' }
}

async function merge(into: string, from: string, choose: Record<string, 'into' | 'from'> = {}): Promise<CustomerMerge> {
  const [a, b] = [await get(into), await get(from)]
  return admin.post<CustomerMerge>(`/customers/${into}/merges`, { from, version: a.version, fromVersion: b.version, choose })
}
const undo = (id: string) => admin.post<{ into: Customer; from: Customer }>(`/customer-merges/${id}/undo`)
const conversationsOf = async (id: string) =>
  ((await admin.ask('GET', `/customers/${id}/conversations`)).body.data as Conversation[]).map((row) => row.id).sort()
/** What must be the same after merging and parting. */
async function stateOf(id: string) {
  const { version: _, ...customer } = await get(id)
  const notes = await admin.ask('GET', `/customers/${id}/timeline?kind=note`)
  return { ...customer, notes: notes.body.data, conversations: await conversationsOf(id) }
}

describe('MOD-07 undoing a merge', () => {
  test('both are exactly as they were, and what each wrote since is with whom it belongs', async () => {
    const one = await visitor('我是甲')
    const two = await visitor('我是乙')
    await admin.patch(`/customers/${one.id}`, { name: '甲', title: '经理', version: (await get(one.id)).version })
    await admin.patch(`/customers/${two.id}`, { remarkName: '乙总', note: '乙的备注', version: (await get(two.id)).version })
    await admin.patch(`/customers/${two.id}/tags`, { add: [tags[0]!.id], remove: [] })
    await admin.post(`/customers/${two.id}/notes`, { text: '乙的记录' })
    const before = [await stateOf(one.id), await stateOf(two.id)]
    const { id } = await merge(one.id, two.id, { remarkName: 'from' })
    expect(await get(one.id)).toMatchObject({ remarkName: '乙总', note: '乙的备注' })
    const parted = await undo(id)
    expect([parted.into.id, parted.from.id]).toEqual([one.id, two.id])
    expect([await stateOf(one.id), await stateOf(two.id)]).toEqual(before)

    // Once more, and now both write while they are one.
    const again = await merge(one.id, two.id)
    await admin.post(`/conversations/${two.conversationId}/close`, {}).catch(() => undefined)
    await one.page.say('甲又说')
    await two.page.say('乙又说')
    await undo(again.id)
    const [ofOne, ofTwo] = [await one.page.history(), await two.page.history()]
    expect((await admin.conversation(ofOne.conversation!.id)).customer.id).toBe(one.id)
    expect((await admin.conversation(ofTwo.conversation!.id)).customer.id).toBe(two.id)
    expect(await conversationsOf(two.id)).toContain(ofTwo.conversation!.id)
    expect(await conversationsOf(one.id)).not.toContain(ofTwo.conversation!.id)
  })

  test('what staff changed since stays', async () => {
    const [into, from] = [(await add({})).id, (await add({ title: '主任', note: '旧' })).id]
    const { id } = await merge(into, from)
    await admin.patch(`/customers/${into}`, { title: '院长', version: (await get(into)).version })
    const parted = await undo(id)
    expect(parted.into).toMatchObject({ title: '院长', note: null })
    expect(parted.from).toMatchObject({ title: '主任', note: '旧' })
  })

  test('who was archived before is archived again, unless he has been in touch since', async () => {
    for (const writes of [false, true]) {
      const [into, from] = [await add({}), await add({})]
      const { version } = await get(into.id)
      await admin.post(`/customers/${into.id}/archive`, { version })
      const { id } = await merge(into.id, from.id)
      expect((await get(into.id)).archivedAt).toBeNull()
      if (writes) {
        await it.travel(120_000)
        const touch = (ctx: Ctx) => noteContacts(ctx, [{ customerId: into.id, at: ctx.now, wroteAt: ctx.now }])
        await inTransaction(it.process.app, SYSTEM, touch)
      }
      expect((await undo(id)).into.archivedAt === null).toBe(writes)
    }
  })

  test('a chain is undone from its end: the later merge first', async () => {
    const [a, b, c] = [(await visitor()).id, (await add({ name: '中' })).id, (await add({ name: '末' })).id]
    const before = [await stateOf(a), await stateOf(b), await stateOf(c)]
    const first = await merge(b, a)
    const second = await merge(c, b)
    for (const id of [a, b, c]) expect((await get(id)).id).toBe(c)
    expect(await admin.expectError('POST', `/customer-merges/${first.id}/undo`, undefined, 409, 'merge_not_latest')).toEqual({
      mergeId: second.id,
    })
    await undo(second.id)
    expect((await get(a)).id).toBe(b)
    await undo(first.id)
    expect([await stateOf(a), await stateOf(b), await stateOf(c)]).toEqual(before)
    await admin.expectError('POST', `/customer-merges/${first.id}/undo`, undefined, 409, 'merge_undone')
  })

  test('for 30 days, not longer', async () => {
    const [into, from] = [(await add({})).id, (await add({})).id]
    const { id } = await merge(into, from)
    await it.process.app
      .db('customer_merges')
      .where({ id })
      .update({ merged_at: it.process.app.db.raw(`app_now() - interval '30 days 1 second'`) })
    await admin.expectError('POST', `/customer-merges/${id}/undo`, undefined, 409, 'merge_too_old')
    expect(await admin.get<CustomerMerge[]>(`/customers/${into}/merges`)).toMatchObject([{ undoable: 'too_late' }])
  })
})

describe('MOD-07 who is one person by himself', () => {
  test('one unionid on two official accounts makes one customer, and parting them is final', async () => {
    const other = await it.connectOfficial()
    const unionid = `oUnion${newKey()}`
    const people = [official, other].map((account) =>
      it.simulator.addCustomer({ appId: account.appId, nickname: '周舟', unionId: unionid }),
    )
    for (const person of people) await person.text('你好')
    const [a, b] = await Promise.all(people.map(async (person) => (await it.conversationOf(admin, person.openId)).id))
    const merged = await until(async () => {
      const [one, two] = [await admin.conversation(a!), await admin.conversation(b!)]
      if (one.customer.id !== two.customer.id) throw new Error('still two')
      return one.customer.id
    })
    const [record] = await admin.get<CustomerMerge[]>(`/customers/${merged}/merges`)
    expect(record).toMatchObject({ reason: 'unionid', mergedBy: null, undoable: 'yes' })
    const { into, from } = await undo(record!.id)
    // He follows anew: the same key turns up, and is not taken for a reason any more.
    await people[1]!.unfollow()
    await people[1]!.follow()
    await people[0]!.text('还是我')
    expect((await admin.conversation(a!)).customer.id).not.toBe((await admin.conversation(b!)).customer.id)
    expect(new Set([into.id, from.id]).size).toBe(2)
  })

  test('the same name in the same institution is proposed with its reason; "not the same" is remembered', async () => {
    const institution = await admin.post<{ id: string }>('/institutions', { name: unique('远山科技') })
    const name = unique('王伟')
    const pair = [await add({ name, institutionId: institution.id }), await add({ name, institutionId: institution.id })]
    await add({ name })
    const proposed = async (state = 'open') => {
      await it.travel(61_000)
      await runSchedule('customers.find-alike')
      return admin.get<MergeSuggestion[]>(`/merge-suggestions?customerId=${pair[0]!.id}&state=${state}`)
    }
    // While the clock itself is looking, a second look finds nothing to do.
    const [suggestion] = await until(async () => {
      const found = await proposed()
      expect(found).not.toEqual([])
      return found
    })
    expect(suggestion).toMatchObject({ reasons: ['same_name'], state: 'open', customers: [{ id: pair[0]!.id }, { id: pair[1]!.id }] })
    for (const time of [1, 2]) {
      expect(time).toBeGreaterThan(0)
      expect(await admin.post(`/merge-suggestions/${suggestion!.id}/dismiss`)).toMatchObject({ state: 'dismissed' })
    }
    await admin.patch(`/customers/${pair[0]!.id}`, { note: '核实过', version: (await get(pair[0]!.id)).version })
    expect(await proposed()).toEqual([])
    expect(await proposed('dismissed')).toMatchObject([{ id: suggestion!.id }])
  })
})

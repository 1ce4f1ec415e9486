import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { Conversation } from '../../contract/conversation.ts'
import type { Customer } from '../../contract/customer.ts'
import type { CustomerMerge, MergePreview } from '../../contract/merge.ts'
import type { CustomerMessage } from '../../contract/message.ts'
import type { Tag } from '../../contract/tag.ts'
import { type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }
let tags: Tag[]

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
  tags = [await newTag('#c0392b'), await newTag('#2f6fed'), await newTag('#2e8b57')]
})
afterAll(() => it.stop())

const newTag = (color: string) => admin.post<Tag>('/customer-tags', { name: unique('标签'), color })
const get = (id: string) => admin.get<Customer>(`/customers/${id}`)
const add = (body: object) => admin.post<Customer>('/customers', { name: unique('客户'), ...body })

let numbers = 0
const newPhone = () => `+86138${String(++numbers).padStart(8, '0')}`

/** Somebody who writes on our page, with what he is to staff. */
async function visitor(words = '在吗'): Promise<{ page: WebCustomer; id: string; conversationId: string }> {
  const page = await it.webCustomer(web.id)
  await page.say(words)
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

describe('MOD-07 merging by hand', () => {
  test('a preview shows both sides, what differs and what will move; nothing is changed by looking', async () => {
    const { id: from } = await visitor()
    const into = (await add({ name: '赵敏', title: '行政', note: '老客户' })).id
    await admin.patch(`/customers/${from}`, { name: '小敏', note: '来自官网', version: (await get(from)).version })
    await admin.patch(`/customers/${from}/tags`, { add: [tags[0]!.id], remove: [] })
    const preview = await admin.get<MergePreview>(`/customers/${into}/merge-preview?from=${from}`)
    expect(preview.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          field: 'name',
          into: { value: '赵敏', label: null },
          from: { value: '小敏', label: null },
          conflict: true,
        }),
        expect.objectContaining({ field: 'title', conflict: false, suggested: 'into' }),
        expect.objectContaining({ field: 'ownerId', into: { value: admin.me.id, label: admin.me.name }, conflict: false }),
      ]),
    )
    expect(preview.moves).toEqual(
      expect.arrayContaining([
        { kind: 'identities', count: 1 },
        { kind: 'tags', count: 1 },
        { kind: 'conversations', count: 1 },
      ]),
    )
    expect(await get(from)).toMatchObject({ mergedIntoId: null })
  })

  test('everything of both is the survivor’s: identities, conversations, tags, notes; the chosen values stay and the others can be read', async () => {
    const { page, id: from, conversationId } = await visitor()
    const into = (await add({ name: '赵敏', title: '行政', phone: newPhone() })).id
    await admin.patch(`/customers/${from}`, { name: '小敏', title: '财务', note: '来自官网', version: (await get(from)).version })
    await admin.patch(`/customers/${from}/tags`, { add: [tags[0]!.id, tags[1]!.id], remove: [] })
    await admin.patch(`/customers/${into}/tags`, { add: [tags[1]!.id], remove: [] })
    await admin.post(`/customers/${from}/notes`, { text: '喜欢电话沟通' })
    const merged = await merge(into, from, { title: 'from' })
    expect(merged).toMatchObject({ intoId: into, fromId: from, fromName: '小敏', reason: 'manual', undoable: 'yes' })
    expect(merged.lost).toEqual([
      { field: 'name', value: '小敏', label: null },
      { field: 'title', value: '行政', label: null },
    ])
    const one = await get(into)
    expect(one).toMatchObject({ name: '赵敏', title: '财务', note: '来自官网', status: 'temporary' })
    expect(one.identities.map(({ kind }) => kind).sort()).toEqual(['phone', 'web'])
    expect(one.tags.map(({ id }) => id).sort()).toEqual([tags[0]!.id, tags[1]!.id].sort())
    expect(await conversationsOf(into)).toEqual([conversationId])
    expect(await admin.get<CustomerMerge[]>(`/customers/${into}/merges`)).toMatchObject([{ id: merged.id, lost: merged.lost }])
    // Who was merged away answers as the one he became, and his next message is the survivor's.
    expect(await get(from)).toMatchObject({ id: into })
    await page.say('我还在')
    expect((await admin.conversation(conversationId)).customer).toMatchObject({ id: into, name: '赵敏' })
    const found = await admin.ask('GET', `/customers?q=${encodeURIComponent('小敏')}`)
    expect(found.body.data.map((row: Customer) => row.id)).toContain(into)
    expect(found.body.data.map((row: Customer) => row.id)).not.toContain(from)
  })

  test('whoever has the conversation open sees at once whose it is now', async () => {
    const { page, id: from, conversationId } = await visitor()
    const into = (await add({ name: '钱进' })).id
    await page.say('有人吗')
    const socket = await admin.socket()
    await merge(into, from)
    const event = await socket.waitFor(
      'conversation.updated',
      ({ id, patch }) => id === conversationId && patch.conversation.customer.id === into,
    )
    expect(event).toMatchObject({ patch: { conversation: { customer: { name: '钱进' } } } })
  })

  test('it leaves a line in the audit trail, and so does its undoing', async () => {
    const [into, from] = [(await add({})).id, (await add({ phone: newPhone() })).id]
    const { id } = await merge(into, from)
    await undo(id)
    const lines = await admin.get<AuditEntry[]>(`/audit-entries?objectKind=customer&objectId=${into}`)
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'customer.merged', context: expect.objectContaining({ mergeId: id, from }) as unknown }),
        expect.objectContaining({ action: 'customer.unmerged', actor: expect.objectContaining({ id: admin.me.id }) as unknown }),
      ]),
    )
    expect(JSON.stringify(lines)).not.toMatch(/\+?86138\d{8}/)
  })
})

describe('MOD-07 refusals, replays and races', () => {
  test('an agent may neither look, merge, nor undo', async () => {
    const [into, from] = [(await add({})).id, (await add({})).id]
    const body = { from, version: 1, fromVersion: 1 }
    const { id } = await merge(into, (await add({})).id)
    await agent.expectError('GET', `/customers/${into}/merge-preview?from=${from}`, undefined, 403, 'forbidden')
    await agent.expectError('POST', `/customers/${into}/merges`, body, 403, 'forbidden')
    await agent.expectError('POST', `/customer-merges/${id}/undo`, undefined, 403, 'forbidden')
    await agent.expectError('GET', '/merge-suggestions', undefined, 403, 'forbidden')
    await it.anonymous().expectError('POST', `/customers/${into}/merges`, body, 401, 'unauthenticated')
  })

  test('bad requests are refused: himself, nobody, an old version, unknown keys, a field that does not exist', async () => {
    const [into, from] = [await add({}), await add({})]
    const path = `/customers/${into.id}/merges`
    const body = { from: from.id, version: into.version, fromVersion: from.version }
    const nobody = '01930000-0000-7000-8000-00000000dead'
    await admin.expectError('POST', path, { ...body, from: into.id }, 400, 'invalid_request')
    await admin.expectError('POST', path, { ...body, from: nobody }, 404, 'not_found')
    await admin.expectError('POST', path, { ...body, version: 99 }, 409, 'version_conflict')
    await admin.expectError('POST', path, { ...body, status: 'formal' }, 400, 'invalid_request')
    await admin.expectError('POST', path, { ...body, choose: { password: 'from' } }, 400, 'invalid_request')
    await admin.expectError('POST', path, { ...body, choose: { __proto__: 'from', 'fields.x; drop': 'into' } }, 400, 'invalid_request')
    await admin.expectError('POST', `/customer-merges/${nobody}/undo`, undefined, 404, 'not_found')
    expect(await get(from.id)).toMatchObject({ mergedIntoId: null, version: from.version })
  })

  test('the same merge twice, or two at once in both directions: one of them happens', async () => {
    const [a, b] = [await add({}), await add({})]
    const ask = (into: Customer, from: Customer) =>
      admin.ask('POST', `/customers/${into.id}/merges`, { from: from.id, version: into.version, fromVersion: from.version })
    const answers = await Promise.all([ask(a, b), ask(b, a), ask(a, b)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect((await get(a.id)).id).toBe((await get(b.id)).id)
    const undone = answers.find(({ status }) => status === 201)!.body.data as CustomerMerge
    const twice = await Promise.all([1, 2].map(() => admin.ask('POST', `/customer-merges/${undone.id}/undo`)))
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('a merged-away customer cannot be changed, merged or tagged: the answer names who he is now', async () => {
    const [into, from, third] = [await add({}), await add({}), await add({})]
    await merge(into.id, from.id)
    const error = await admin.expectError('PATCH', `/customers/${from.id}`, { title: 'x', version: 2 }, 409, 'customer_merged')
    expect(error).toEqual({ into: into.id })
    const body = { from: from.id, version: third.version, fromVersion: 2 }
    expect(await admin.expectError('POST', `/customers/${third.id}/merges`, body, 409, 'customer_merged')).toEqual({ into: into.id })
  })

  test('while both write, merging and parting them again and again loses and doubles no message, and each ends with his own', async () => {
    const [one, two] = [await visitor('甲 0'), await visitor('乙 0')]
    const said = { 甲: ['甲 0'], 乙: ['乙 0'] }
    const talk = async (who: '甲' | '乙', page: WebCustomer) => {
      for (let line = 1; line <= 15; line += 1) {
        await page.say(`${who} ${line}`)
        said[who].push(`${who} ${line}`)
      }
    }
    const join = async () => {
      for (let round = 0; round < 4; round += 1) {
        const { id } = await merge(one.id, two.id)
        await undo(id)
      }
    }
    await Promise.all([talk('甲', one.page), talk('乙', two.page), join()])
    const texts = (messages: CustomerMessage[]) => messages.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''))
    const [ofOne, ofTwo] = [await one.page.history('?limit=100'), await two.page.history('?limit=100')]
    expect(texts(ofOne.messages)).toEqual(said.甲)
    expect(texts(ofTwo.messages)).toEqual(said.乙)
    expect((await admin.conversation(one.conversationId)).customer.id).toBe(one.id)
    expect((await admin.conversation(two.conversationId)).customer.id).toBe(two.id)
    const strays = await it.process.app
      .db('conversations as v')
      .join('customer_identities as i', 'i.id', 'v.identity_id')
      .whereRaw('v.customer_id <> i.customer_id')
      .count({ count: '*' })
    expect(Number(strays[0]?.count)).toBe(0)
  })
})

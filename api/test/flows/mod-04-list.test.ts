import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerNote, CustomerSummary, TimelineEntry } from '../../contract/customer.ts'
import type { ListedInstitution } from '../../contract/institution.ts'
import { newAddress, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let other: StaffClient
let official: OfficialAccount

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  agent = await it.staff('agent', '林晓')
  other = await it.staff('agent', '王可')
  official = await it.connectOfficial()
})
afterAll(() => it.stop())

const add = (client: StaffClient, body: object = {}) => client.post<Customer>('/customers', { name: unique('客户'), ...body })
const list = (client: StaffClient, query = '') => client.get<CustomerSummary[]>(`/customers${query}`)
const namesOf = (rows: readonly { name: string | null }[]) => rows.map(({ name }) => name)

/** Written by a customer on WeChat, answered by this agent. */
async function servedBy(client: StaffClient) {
  const person = it.follower(official)
  await person.text('在吗')
  // The platform is asked who he is, which makes another version of him.
  await it.process.idle()
  const conversation = await it.conversationOf(admin, person.openId)
  await client.post(`/conversations/${conversation.id}/accept`)
  return { person, conversation, id: conversation.customer.id }
}

describe('MOD-04 timeline', () => {
  test('MOD-04 conversations and notes stand in one line, newest first, page by page', async () => {
    const { person, conversation, id } = await servedBy(agent)
    const note = await agent.post<CustomerNote>(`/customers/${id}/notes`, { text: '第一次来访' })
    await agent.post(`/conversations/${conversation.id}/close`, { reason: 'resolved' })
    await person.text('又来了')
    const second = await until(async () => {
      const found = await it.conversationOf(admin, person.openId)
      if (found.id === conversation.id) throw new Error('not yet')
      return found
    })
    const all = await agent.get<TimelineEntry[]>(`/customers/${id}/timeline`)
    expect(all.map((one) => one.id)).toEqual([second.id, note.id, conversation.id])
    expect(all[2]).toMatchObject({ kind: 'conversation', state: 'closed', actor: { name: '林晓' }, facts: { closeReason: 'resolved' } })
    const pages: string[] = []
    let cursor = ''
    do {
      const { body } = await agent.ask('GET', `/customers/${id}/timeline?limit=1${cursor && `&cursor=${cursor}`}`)
      pages.push(...body.data.map((one: TimelineEntry) => one.id))
      cursor = body.nextCursor ?? ''
    } while (cursor)
    expect(pages).toEqual(all.map((one) => one.id))
    expect((await agent.get<TimelineEntry[]>(`/customers/${id}/timeline?kind=note`)).map(({ text }) => text)).toEqual(['第一次来访'])
  })

  test('MOD-04 that there was a conversation is told; its words only to who may read it', async () => {
    const { id } = await servedBy(other)
    const before = await admin.get<Customer>(`/customers/${id}`)
    await admin.patch(`/customers/${id}`, { ownerId: agent.me.id, version: before.version })
    const [entry] = await agent.get<TimelineEntry[]>(`/customers/${id}/timeline`)
    expect(entry).toMatchObject({ kind: 'conversation', text: null, facts: { readable: false } })
    await agent.expectError('GET', `/conversations/${entry!.id}`, undefined, 404, 'not_found')
  })

  test('MOD-04 a note is its author’s; who has not seen its newest words does not overwrite them', async () => {
    const { id } = await add(admin, { ownerId: agent.me.id })
    const note = await agent.post<CustomerNote>(`/customers/${id}/notes`, { text: '甲' })
    const path = `/customers/${id}/notes/${note.id}`
    await admin.expectError('PATCH', path, { text: '乙', version: 1 }, 403, 'forbidden')
    await agent.patch(path, { text: '丙', version: 1 })
    await agent.expectError('PATCH', path, { text: '丁', version: 1 }, 409, 'version_conflict')
    await agent.expectError('DELETE', `${path}?version=1`, undefined, 409, 'version_conflict')
    expect((await agent.ask('DELETE', `${path}?version=2`)).status).toBe(200)
    await agent.expectError('DELETE', `${path}?version=2`, undefined, 404, 'not_found')
  })
})

describe('MOD-04 list and search', () => {
  let tagged: string
  const of = (rows: readonly CustomerSummary[]) =>
    namesOf(rows).filter((name) => name !== null && /^(单雄信|曾国藩|张三丰|Alice Chen)$/.test(name))

  beforeAll(async () => {
    tagged = (await admin.post<{ id: string }>('/customer-tags', { name: unique('list'), color: '#2f6fed' })).id
    for (const name of ['单雄信', '曾国藩', '张三丰', 'Alice Chen']) await add(admin, { name, tagIds: [tagged], ownerId: null })
  })

  test.each([
    ['三丰', ['张三丰']],
    ['zhangsan', ['张三丰']],
    ['sanf', ['张三丰']],
    ['zsf', ['张三丰']],
    ['shanxiong', ['单雄信']],
    ['danxx', []],
    ['zgf', ['曾国藩']],
    ['alice', ['Alice Chen']],
    ['chen al', ['Alice Chen']],
    ['ＣＨＥＮ', ['Alice Chen']],
    ['%', []],
    ['_', []],
  ])('MOD-04 a search for %s finds %j', async (q, expected) => {
    expect(of(await list(admin, `?limit=100&tagsAny=${tagged}&q=${encodeURIComponent(q)}`))).toEqual(expected)
  })

  test('MOD-04 names sort by 拼音, either way, over page borders', async () => {
    const sorted = ['Alice Chen', '单雄信', '曾国藩', '张三丰']
    const walk = async (order: string) => {
      const names: (string | null)[] = []
      let cursor = ''
      do {
        const { body } = await admin.ask(
          'GET',
          `/customers?tagsAll=${tagged}&sort=name&order=${order}&limit=1${cursor && `&cursor=${cursor}`}`,
        )
        names.push(...namesOf(body.data))
        cursor = body.nextCursor ?? ''
      } while (cursor)
      return names
    }
    expect(await walk('asc')).toEqual(sorted)
    expect(await walk('desc')).toEqual([...sorted].reverse())
  })

  test('MOD-04 filters narrow together, and the count is that of the list', async () => {
    const institution = await admin.post<ListedInstitution>('/institutions', { name: unique('滤') })
    const from = new Date(Date.now() - 3_600_000).toISOString()
    const customer = await add(admin, { institutionId: institution.id, status: 'formal', tagIds: [tagged], title: '院长' })
    const query = `?status=formal&institutionId=${institution.id}&ownerId=me&tagsAll=${tagged}&createdFrom=${from}`
    expect((await list(admin, query)).map(({ id }) => id)).toEqual([customer.id])
    expect(await admin.get(`/customers/count${query}`)).toEqual({ count: 1, capped: false })
    for (const none of ['&tagsNone=' + tagged, '&channelKind=web', '&archived=true', '&lastContactFrom=' + from, '&createdUntil=' + from])
      expect([none, await list(admin, query.replace(/&createdFrom=[^&]*/, '') + none)]).toEqual([none, []])
  })

  test('MOD-04 whom a channel brought is found by name and 拼音 soon after, sorts by last contact, and filters by channel', async () => {
    const web = await it.connectWeb()
    const customer = await it.webCustomer(web.id)
    await customer.say('你好')
    await it.process.app
      .db('customers')
      .update({ name: '司马光', name_search: null })
      .where({ id: (await list(admin, '?channelKind=web'))[0]!.id })
    await until(async () => expect(namesOf(await list(admin, '?q=smg'))).toEqual(['司马光']))
    await until(async () =>
      expect((await list(admin, '?sort=last_contact&limit=1'))[0]).toMatchObject({ name: '司马光', channelKinds: ['web'] }),
    )
  })

  test.each([
    'limit=-1',
    'limit=0',
    'limit=101',
    'limit=1e9',
    'sort=name;drop table customers',
    'sort=password',
    'order=up',
    'cursor=AAAA',
    `cursor=${Buffer.from(JSON.stringify(['2026-99-99T00:00:00Z', '01930000-0000-7000-8000-0000000000ff'])).toString('base64url')}`,
    'createdFrom=2026-02-01T00:00:00Z&createdUntil=2026-01-01T00:00:00Z',
    'lastContactFrom=2026-02-01T00:00:00Z&lastContactUntil=2026-02-01T00:00:00Z',
    'createdFrom=yesterday',
    'tagsAny=1',
    'tagsAny=' + Array.from({ length: 21 }, () => '01930000-0000-7000-8000-0000000000ff').join(','),
    'fields={',
    'fields=[]',
    `fields=${encodeURIComponent('{"a\' or 1=1":"x"}')}`,
    `fields=${encodeURIComponent('{"a":{"$ne":1}}')}`,
    'status=deleted',
    "channelKind=' or '1'='1",
    'institutionId=1 or 1=1',
    'unknown=1',
  ])('S18 the list refuses ?%s', async (query) => {
    await admin.expectError('GET', `/customers?${query}`, undefined, 400, 'invalid_request')
  })

  test.each([`'`, `');drop table customers;--`, `a' | 'b`, '\\', '!!', `' & !'x`, '🙂', '(((', 'a:*b', '$1', '?'])(
    'S18 %s is a text to look for and nothing else',
    async (q) => {
      const answer = await admin.ask('GET', `/customers?q=${encodeURIComponent(q)}`, undefined, { 'x-forwarded-for': newAddress() })
      expect(answer.status).toBe(200)
      expect((await admin.ask('GET', `/institutions?q=${encodeURIComponent(q)}`)).status).toBe(200)
      expect((await admin.ask('GET', `/customer-tags?q=${encodeURIComponent(q)}`)).status).toBe(200)
    },
  )
})

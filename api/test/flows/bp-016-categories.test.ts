import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { QuickReply, QuickReplyCategory } from '../../contract/quick-reply.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let colleague: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  colleague = await it.staff('agent')
})
afterAll(() => it.stop())

const path = '/quick-reply-categories'
const make = (name = unique('分类'), more: object = {}, client = agent) =>
  client.post<QuickReplyCategory>(path, { scope: 'personal', name, ...more })
const below = (parent: { id: string }, name = unique('分类')) => make(name, { parentId: parent.id })
const reply = (category: { id: string } | null) =>
  agent.post<QuickReply>('/quick-replies', {
    scope: 'personal',
    title: unique('话术'),
    categoryId: category?.id ?? null,
    parts: [{ type: 'text', text: '您好' }],
  })
const all = (client = agent) => client.get<QuickReplyCategory[]>(`${path}?scope=personal`)
const one = async (category: { id: string }) => (await all()).find(({ id }) => id === category.id)
const repliesIn = (category: { id: string } | 'none') =>
  agent.get<QuickReply[]>(`/quick-replies?scope=personal&categoryId=${category === 'none' ? 'none' : category.id}`)
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
const move = (category: QuickReplyCategory, parentId: string | null, before: string | null = null) => ({
  url: `${path}/${category.id}/move`,
  body: { parentId, before, version: category.version },
})

describe('BP-016.3 the tree', () => {
  test('BP-016.3 replies stand in branches; a list shows a branch with all below it, and a reply its path', async () => {
    const root = await make('售后')
    const branch = await below(root, '退款')
    const inBranch = await reply(branch)
    const inRoot = await reply(root)
    expect(idsOf(await repliesIn(root))).toEqual([inBranch.id, inRoot.id])
    expect(idsOf(await repliesIn(branch))).toEqual([inBranch.id])
    expect(inBranch.categoryPath).toEqual(['售后', '退款'])
    expect(await one(root)).toMatchObject({ replies: 1, parentId: null })
  })

  test('BP-016.3 a category can be that of a kind of business, which then cannot be deleted under it', async () => {
    const entry = await admin.post<DictionaryEntry>('/dictionaries/business_type', { code: 'rent', labelZh: '租赁', labelEn: 'Renting' })
    const category = await make(unique('租赁'), { scope: 'global', businessTypeId: entry.id }, admin)
    expect(category.businessTypeId).toBe(entry.id)
    const url = `/dictionaries/business_type/${entry.id}?version=${entry.version}`
    expect(await admin.expectError('DELETE', url, undefined, 409, 'entry_in_use')).toMatchObject({ uses: 1 })
    const unknown = { scope: 'global', name: unique('分类'), businessTypeId: category.id }
    await admin.expectError('POST', path, unknown, 400, 'entry_unknown')
  })

  test('BP-016.3 siblings have different names, and the tree ends at four levels', async () => {
    const root = await make()
    const second = await below(root, '同名')
    await agent.expectError('POST', path, { scope: 'personal', parentId: root.id, name: '同名' }, 409, 'name_taken')
    const third = await below(second)
    const fourth = await below(third)
    const deeper = { scope: 'personal', parentId: fourth.id, name: '第五层' }
    expect(await agent.expectError('POST', path, deeper, 409, 'limit_reached')).toMatchObject({ max: 4 })
  })

  test('BP-016.3 the house’s tree is the administrator’s, one’s own is nobody else’s', async () => {
    await agent.expectError('POST', path, { scope: 'global', name: '不行' }, 403, 'forbidden')
    const own = await make()
    expect(idsOf(await all(colleague))).not.toContain(own.id)
    await colleague.expectError('PATCH', `${path}/${own.id}`, { name: '别人的', version: 1 }, 404, 'not_found')
    const foreign = { scope: 'personal', title: '串门', categoryId: own.id, parts: [{ type: 'text', text: '您好' }] }
    await colleague.expectError('POST', '/quick-replies', foreign, 404, 'not_found')
  })
})

describe('BP-016.3 moving', () => {
  test('BP-016.3 a branch moves with everything in it, and siblings stand as they were put', async () => {
    const [a, b] = [await make(), await make()]
    const branch = await below(a)
    const inside = await reply(branch)
    const { url, body } = move(branch, b.id)
    expect(await agent.post<QuickReplyCategory>(url, body)).toMatchObject({ parentId: b.id, version: 2 })
    expect(idsOf(await repliesIn(b))).toEqual([inside.id])
    const toFront = move(b, null, a.id)
    await agent.post(toFront.url, toFront.body)
    const order = idsOf(await all())
    expect(order.indexOf(b.id)).toBeLessThan(order.indexOf(a.id))
  })

  test('BP-016.3 no category goes beneath itself, also when two moves meet', async () => {
    const root = await make()
    const branch = await below(root)
    const { url, body } = move(root, branch.id)
    await agent.expectError('POST', url, body, 409, 'category_cycle')
    await agent.expectError('POST', url, { ...body, parentId: root.id }, 409, 'category_cycle')
    const [a, b] = [await make(), await make()]
    const moves = [move(a, b.id), move(b, a.id)]
    const answers = await Promise.all(moves.map((each) => agent.ask('POST', each.url, each.body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('category_cycle')
  })

  test('BP-016.3 replies are put in order, within a category and into another', async () => {
    const category = await make()
    const [first, second, third] = [await reply(category), await reply(category), await reply(null)]
    await agent.post(`/quick-replies/${second.id}/move`, { categoryId: category.id, before: first.id, version: 1 })
    await agent.post(`/quick-replies/${third.id}/move`, { categoryId: category.id, before: first.id, version: 1 })
    expect(idsOf(await repliesIn(category))).toEqual([second.id, third.id, first.id])
    const stale = { categoryId: null, before: null, version: 1 }
    await agent.expectError('POST', `/quick-replies/${third.id}/move`, stale, 409, 'version_conflict')
  })

  test('BP-016.3 a long list is read page by page without gaps', async () => {
    const category = await make()
    const made = []
    for (let index = 0; index < 5; index += 1) made.push(await reply(category))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = `/quick-replies?scope=personal&categoryId=${category.id}&limit=2${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await agent.ask('GET', query)
      seen.push(...idsOf(body.data))
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(idsOf(made))
  })
})

describe('BP-016.3 deleting', () => {
  async function filled() {
    const root = await make()
    const branch = await below(root)
    return { root, branch, inRoot: await reply(root), inBranch: await reply(branch) }
  }
  const remove = (category: { id: string; version: number }, contents = '') =>
    agent.ask('DELETE', `${path}/${category.id}?version=${category.version}${contents ? `&contents=${contents}` : ''}`)

  test('BP-016.3 one that is not empty asks first what becomes of its contents', async () => {
    const { root } = await filled()
    const { status, body } = await remove(root)
    expect([status, body.error.code, body.error.context]).toMatchObject([409, 'category_not_empty', { categories: 1, replies: 2 }])
    expect(await one(root)).toBeDefined()
  })

  test('BP-016.3 its contents go one level up', async () => {
    const { root, branch, inRoot, inBranch } = await filled()
    expect((await remove(root, 'move_up')).status).toBe(200)
    expect(await one(branch)).toMatchObject({ parentId: null })
    expect(idsOf(await repliesIn('none'))).toContain(inRoot.id)
    expect(idsOf(await repliesIn(branch))).toEqual([inBranch.id])
  })

  test('BP-016.3 or are deleted with it', async () => {
    const { root, branch, inRoot, inBranch } = await filled()
    expect((await remove({ ...root, version: 9 }, 'delete')).body.error.code).toBe('version_conflict')
    expect((await remove(root, 'delete')).status).toBe(200)
    expect([await one(root), await one(branch)]).toEqual([undefined, undefined])
    for (const gone of [inRoot, inBranch]) await agent.expectError('GET', `/quick-replies/${gone.id}`, undefined, 404, 'not_found')
    expect((await remove(root, 'delete')).status).toBe(404)
  })
})

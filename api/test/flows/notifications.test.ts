import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Notification } from '../../contract/notification.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { notify, type News } from '../../modules/notifications/index.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let agent: StaffClient
let other: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  agent = await it.staff('agent', '林晓')
  other = await it.staff('agent', '周敏')
})
afterAll(() => it.stop())

const tell = (news: Partial<News> = {}) =>
  inTransaction(it.process.app, SYSTEM, (ctx) =>
    notify(ctx, {
      to: [agent.me.id],
      kind: 'relation.expiring',
      params: { customer: '云帆办公', team: '售后组', day: '2026-12-01' },
      link: '/customers',
      key: unique('fact'),
      ...news,
    }),
  )
const inbox = async (reader: StaffClient, query = '') =>
  (await reader.ask('GET', `/notifications${query}`)).body as { data: Notification[]; nextCursor: string | null; unread: number }

describe('the notifications of a member of staff', () => {
  test('news reaches the sockets of whom it is for, and of nobody else', async () => {
    const [mine, theirs] = [await agent.socket(), await other.socket()]
    await tell()
    const pushed = await mine.waitFor('notification.created')
    const { data, unread } = await inbox(agent)
    expect(pushed).toMatchObject({ id: agent.me.id, patch: { notification: data[0], unread } })
    expect(data[0]).toMatchObject({ kind: 'relation.expiring', params: { customer: '云帆办公' }, link: '/customers', readAt: null })
    await tell({ to: [other.me.id] })
    await theirs.waitFor('notification.created')
    expect(theirs.of('notification.created')).toHaveLength(1)
  })

  test('the same fact is told once, however often and however many at once say it', async () => {
    const key = unique('fact')
    const before = (await inbox(other)).unread
    const told = await Promise.all(Array.from({ length: 12 }, () => tell({ to: [agent.me.id, other.me.id, other.me.id], key })))
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(await tell({ to: [other.me.id], key })).toBe(0)
    expect((await inbox(other)).unread).toBe(before + 1)
  })

  test('reading one counts down, in other tabs too; reading it again changes nothing', async () => {
    const somebody = await it.staff('agent')
    const tab = await somebody.socket()
    await tell({ to: [somebody.me.id] })
    await tell({ to: [somebody.me.id] })
    const [newest] = (await inbox(somebody)).data
    expect(await somebody.post(`/notifications/${newest?.id}/read`)).toEqual({ unread: 1 })
    expect(await somebody.post(`/notifications/${newest?.id}/read`)).toEqual({ unread: 1 })
    expect((await tab.waitFor('notification.read')).patch).toEqual({ ids: [newest?.id], unread: 1 })
    expect((await inbox(somebody, '?unread=true')).data).toHaveLength(1)
  })

  test('reading all leaves what arrived since the reader looked', async () => {
    const somebody = await it.staff('agent')
    for (let count = 0; count < 5; count += 1) await tell({ to: [somebody.me.id] })
    const [seen] = (await inbox(somebody)).data
    await tell({ to: [somebody.me.id] })
    expect(await somebody.post('/notifications/read-all', { upTo: seen?.id })).toEqual({ unread: 1 })
    const ids: string[] = []
    for (let cursor = ''; ;) {
      const page = await inbox(somebody, `?limit=2${cursor}`)
      ids.push(...page.data.map(({ id }) => id))
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(new Set(ids).size).toBe(6)
  })

  test('S1 somebody else’s cannot be read or marked, and rubbish is refused', async () => {
    const [foreign] = (await inbox(other)).data
    await agent.expectError('POST', `/notifications/${foreign?.id}/read`, undefined, 404, 'not_found')
    await agent.expectError('POST', '/notifications/read-all', { upTo: foreign?.id }, 404, 'not_found')
    await agent.expectError('POST', '/notifications/read-all', {}, 400, 'invalid_request')
    await agent.expectError('GET', '/notifications?cursor=x', undefined, 400, 'invalid_request')
    await agent.expectError('POST', '/notifications/1/read', undefined, 400, 'invalid_request')
    await it.anonymous().expectError('GET', '/notifications', undefined, 401, 'unauthenticated')
    await expect(tell({ link: '//evil.example.com' })).rejects.toMatchObject({ code: '23514' })
  })

  test('read ones are forgotten after ninety days, unread ones after a year', async () => {
    const somebody = await it.staff('agent')
    await tell({ to: [somebody.me.id] })
    await tell({ to: [somebody.me.id] })
    const [newest] = (await inbox(somebody)).data
    await somebody.post(`/notifications/${newest?.id}/read`)
    const forget = it.process.app.modules.flatMap(({ schedules = [] }) => schedules).find(({ name }) => name === 'notifications.forget-old')
    const left = async () => Number((await it.process.app.db('notifications').where({ account_id: somebody.me.id }).count())[0]?.['count'])
    await forget?.run(it.process.app)
    expect(await left()).toBe(2)
    await it.travel(91 * 86_400_000)
    await forget?.run(it.process.app)
    expect(await left()).toBe(1)
    await it.travel(300 * 86_400_000)
    await forget?.run(it.process.app)
    expect(await left()).toBe(0)
  })
})

/**
 * The list of customers over many of them: as many statements for a hundred rows as for one, and, whatever the filter and the order, no
 * large table read from end to end. Statements are taken as the product sends them; how long they take is the bench's to say.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fill } from './bench/data/many-customers.ts'
import { startTestApp, type StaffClient, type TestApp } from './harness.ts'
import { type Statement, tablesScanned } from './plans.ts'
import { withConnection } from './services.ts'

const LARGE = ['customers', 'customer_identities', 'customer_tag_links', 'conversations']

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let statements: Statement[] = []

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin')
  agent = await it.staff('agent')
  const others = await Promise.all(Array.from({ length: 9 }, () => it.staff('agent')))
  const channels = { official: (await it.connectOfficial()).id, web: (await it.connectWeb()).id }
  const agentIds = [agent, ...others].map(({ me }) => me.id)
  await withConnection(it.process.app.config.databaseOwnerUrl, (client) => fill(client, { customers: 60_000, agentIds, channels }))
  it.process.app.db.on('query', ({ sql, bindings }: Statement) => void statements.push({ sql, bindings }))
}, 180_000)
afterAll(() => it.stop())

async function sentBy(client: StaffClient, path: string): Promise<Statement[]> {
  statements = []
  await client.get(path)
  return statements.filter(({ sql }) => !/^(begin|commit|rollback)/i.test(sql))
}

const id = (kind: string, number: number) => `0193${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
const json = (value: object) => encodeURIComponent(JSON.stringify(value))
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const FILTERS = [
  '',
  'status=formal',
  `institutionId=${id('0004', 40)}`,
  'ownerId=me',
  `levelId=${id('0001', 3)}`,
  `regionId=${id('0002', 7)}`,
  'channelKind=web',
  'channelKind=wecom',
  `tagsAny=${id('0003', 4)},${id('0003', 90)}`,
  `tagsAll=${id('0003', 0)},${id('0003', 80)}`,
  `tagsNone=${id('0003', 0)}`,
  `createdFrom=${daysAgo(20)}&createdUntil=${daysAgo(10)}`,
  `lastContactFrom=${daysAgo(2)}`,
  `lastContactUntil=${daysAgo(60)}`,
  `fields=${json({ contract: 'C74' })}`,
  `fields=${json({ plan: 'gold' })}`,
  'archived=true',
  'q=王伟',
  'q=wangwei',
  'q=ww',
  'q=8000',
  `status=formal&levelId=${id('0001', 1)}&tagsAll=${id('0003', 30)}`,
]

describe('MOD-04 the list of customers', () => {
  test('MOD-04 a hundred rows take as many statements as one', async () => {
    for (const client of [admin, agent]) {
      // The process does something by itself now and then: the fewest of three are the list's own.
      const fewest = async (path: string) =>
        Math.min((await sentBy(client, path)).length, (await sentBy(client, path)).length, (await sentBy(client, path)).length)
      await sentBy(client, '/customers?limit=1')
      const one = await fewest('/customers?limit=1')
      expect(await fewest('/customers?limit=100')).toBe(one)
      expect(one).toBeLessThanOrEqual(9)
    }
  })

  test.each(FILTERS)('MOD-04 ?%s reads no large table from end to end, in any order', async (filter) => {
    for (const [name, client] of [['admin', admin] as const, ['agent', agent] as const])
      for (const sort of ['last_contact', 'created', 'name']) {
        const sent = await sentBy(client, `/customers?sort=${sort}&${filter}`)
        expect([name, sort, await tablesScanned(it.process.app.config.databaseUrl, sent, LARGE)]).toEqual([name, sort, []])
      }
  })

  test('MOD-04 one customer, his timeline, and a search for institutions', async () => {
    const customer = id('1000', 777)
    for (const path of [`/customers/${customer}`, `/customers/${customer}/timeline`, '/institutions?q=科技1', '/customer-tags'])
      expect([path, await tablesScanned(it.process.app.config.databaseUrl, await sentBy(admin, path), [...LARGE, 'institutions'])]).toEqual(
        [path, []],
      )
  })
})

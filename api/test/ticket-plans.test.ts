/** What lists and boards of tickets ask of PostgreSQL over a large house: no statement that reads a table through, and as many for much as for little. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TicketBoard } from '../contract/ticket-board.ts'
import { type StaffClient, startTestApp, type TestApp } from './harness.ts'
import { type Statement, tablesScanned } from './plans.ts'

const ROWS = 60_000
const LARGE = ['tickets', 'customers', 'ticket_watchers', 'ticket_dues']

let running: TestApp
let readers: Record<'admin' | 'supervisor' | 'agent', StaffClient>
let statements: Statement[] = []
const db = () => running.process.app.db

beforeAll(async () => {
  running = await startTestApp({ roles: ['api'] })
  readers = { admin: await running.staff('admin'), supervisor: await running.staff('supervisor'), agent: await running.staff('agent') }
  await fill()
  db().on('query', ({ sql, bindings }: Statement) => void statements.push({ sql, bindings }))
}, 180_000)
afterAll(() => running.stop())

/** One of ten is open, the newest; one of two hundred is the agent's. */
async function fill(): Promise<void> {
  await db().raw(
    `create temp table work on commit drop as
       select g, gen_random_uuid() as customer, g > ${ROWS} * 0.9 as open, now() - (${ROWS} - g) * interval '9 minutes' as at,
              '${readers.agent.me.id}'::uuid as agent, '${readers.admin.me.id}'::uuid as admin, (select id from ticket_types order by position limit 1) as type
       from generate_series(1, ${ROWS}) g;
     insert into customers (id, name, name_search) select customer, 'person ' || g, array_to_tsvector(array['person', g::text]) from work;
     insert into tickets (id, number, title, type_id, priority, status, status_since, assignee_id, assigned_at, customer_id, source, tags, next_due_at, closed_at,
                          resolved_at, created_by, created_at, last_activity_at)
       select gen_random_uuid(), to_char(at, 'YYYYMMDD') || '-' || lpad(g::text, 5, '0'), case when g % 500 = 0 then '琥珀手串' else '物流进度' end || g, type,
              (array['low', 'normal', 'high', 'urgent'])[1 + g % 4], case when not open then 'closed' when g % 3 = 0 then 'unassigned' else 'in_progress' end, at,
              case when open and g % 3 = 0 then null when g % 200 = 1 then agent else admin end, case when open and g % 3 = 0 then null else at end, customer,
              'hand', case when g % 300 = 0 then array['VIP'] else '{}' end, case when open then at + interval '60 days' end, case when not open then at end,
              case when not open then at end, admin, at, at from work;
     insert into ticket_dues (ticket_id, due_at) select id, next_due_at from tickets where next_due_at is not null`,
  )
  for (const table of LARGE) await db().raw(`vacuum analyze ${table}`)
}

async function ask(reader: StaffClient, path: string): Promise<{ body: { data: unknown }; sent: Statement[] }> {
  statements = []
  const { status, body } = await reader.ask('GET', path)
  expect(status).toBe(200)
  return { body, sent: statements.filter(({ sql }) => /\btickets\b/.test(sql)) }
}
const scannedBy = (sent: readonly Statement[]) => tablesScanned(running.process.app.config.databaseUrl, sent, LARGE)

/** What a cell of the board begins with, asked plainly. */
async function firstOf(keys: Record<string, string>, group: string, most: number): Promise<string[]> {
  const columns: Record<string, string> = {
    status: 't.status',
    priority: 't.priority',
    assignee: `coalesce(t.assignee_id::text, 'none')`,
    type: 't.type_id::text',
  }
  const tickets = db()('tickets as t').select('t.id').whereIn('t.status', ['unassigned', 'in_progress'])
  for (const [cut, key] of Object.entries(keys)) if (columns[cut]) tickets.whereRaw(`${columns[cut]} = ?`, [key])
  const since = group === 'assignee' ? 'coalesce(t.assigned_at, t.status_since)' : 't.status_since'
  return (await tickets.orderByRaw(`t.priority_rank, ${since}, t.id`).limit(most)).map(({ id }: { id: string }) => id)
}

const rareOf = async (status: string): Promise<number> =>
  Number((await db()('tickets').where({ status }).where('title', 'like', '%琥珀手串%').count({ count: '*' }).first())?.count)

const SORTS = ['-activity', '-created', 'created', 'due', 'priority', 'status_since']
const FILTERS = [
  '',
  'status=open&',
  'status=closed&',
  'assigneeId=me&status=open&',
  'tag=VIP&',
  `q=${encodeURIComponent('琥珀')}&`,
  'q=20990101&',
]

describe(`BP-013 over ${ROWS} tickets nothing reads a large table from end to end`, () => {
  test.each(SORTS)('BP-013.2 lists by %s, with and without filters', async (sort) => {
    for (const filter of FILTERS)
      expect([filter, await scannedBy((await ask(readers.admin, `/tickets?${filter}sort=${sort}`)).sent)]).toEqual([filter, []])
  })

  test.each(['supervisor', 'agent'] as const)('BP-006.1 what a %s may see', async (role) => {
    for (const path of ['/tickets?', '/tickets?status=open&sort=due', '/tickets/sla-warnings?'])
      expect([path, await scannedBy((await ask(readers[role], path)).sent)]).toEqual([path, []])
  })

  test.each(['status', 'assignee', 'team', 'priority'])('BP-013.1 the board by %s, whoever asks', async (group) => {
    for (const reader of Object.values(readers))
      expect(await scannedBy((await ask(reader, `/tickets/board?group=${group}&lanes=type`)).sent)).toEqual([])
  })

  test.each([
    ['status', 'none'],
    ['priority', 'type'],
    ['assignee', 'priority'],
  ] as const)(
    'BP-013.1 each column by %s, lanes by %s, begins with what is most urgent, and of that with what is there longest',
    async (group, lanes) => {
      for (const agedBy of [0, 7000]) {
        // One that is there for many years: ages say little then of where the others begin.
        await db().raw(
          `update tickets set status_since = status_since - ? * interval '1 day', assigned_at = assigned_at - ? * interval '1 day' where id in (
        select distinct on (status, priority) id from tickets where status in ('unassigned', 'in_progress') order by status, priority, id)`,
          [agedBy, agedBy],
        )
        const { body } = await readers.admin.ask('GET', `/tickets/board?group=${group}&lanes=${lanes}&status=open`)
        const cells: TicketBoard['cells'] = body.data.cells
        expect(cells.length).toBeGreaterThan(1)
        for (const { column, lane, cards } of cells)
          expect([column, lane, cards.map(({ id }) => id)]).toEqual([
            column,
            lane,
            await firstOf({ [group]: column, [lanes]: lane }, group, cards.length),
          ])
      }
    },
  )

  test('BP-013.1 a board of one tag has all of what is open with it, and of what ended what did so lately', async () => {
    const lately = async () => {
      const { rows } = await db().raw(`select status, count(*)::int from tickets where 'VIP' = any(tags)
        and (status not in ('resolved', 'closed') or (status_since > app_now() - interval '7 days' and merged_into is null)) group by status`)
      return new Map<string, number>(rows.map(({ status, count }: { status: string; count: number }) => [status, count]))
    }
    await db().raw(`update tickets set status_since = app_now() - interval '1 hour' where id in (
      select id from tickets where status = 'closed' and 'VIP' = any(tags) order by id limit 30)`)
    // As time goes by it becomes less.
    const most = await lately()
    const { body } = await readers.admin.ask('GET', '/tickets/board?group=status&tag=VIP')
    const least = await lately()
    const columns: TicketBoard['columns'] = body.data.columns
    expect(most.get('closed')).toBe(30)
    for (const { key, count } of columns) {
      expect({ key, count, enough: count >= (least.get(key) ?? 0) }).toEqual({ key, count, enough: true })
      expect({ key, count, tooMany: count > (most.get(key) ?? 0) }).toEqual({ key, count, tooMany: false })
    }
    const cells: TicketBoard['cells'] = body.data.cells
    for (const { cards, count } of cells) expect(cards).toHaveLength(Math.min(20, count))
  })

  test('BP-013.1 counts by state, also within filters; each is the number of tickets', async () => {
    for (const filter of ['', 'priority=urgent&', 'assigneeId=me&'])
      expect(await scannedBy((await ask(readers.agent, `/tickets/counts?${filter}`)).sent)).toEqual([])
    const { body } = await readers.admin.ask('GET', '/tickets/counts?tag=VIP')
    expect(body.data.byStatus).toMatchObject({ closed: (ROWS / 300) * 0.9, unassigned: (ROWS / 300) * 0.1, in_progress: 0 })
    expect((await readers.admin.ask('GET', '/tickets/counts')).body.data.byStatus).toMatchObject({
      closed: 10_001,
      unassigned: 2000,
      in_progress: 4000,
    })
  })

  test('BP-013.3 what is due until a day is found and counted, and nothing that ended', async () => {
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString()
    const due = Number((await db()('tickets').where('next_due_at', '<', until).count({ count: '*' }).first())?.count)
    const { body: counts } = await readers.admin.ask('GET', `/tickets/counts?dueUntil=${until}`)
    expect(due).toBeGreaterThan(0)
    expect(counts.data.byStatus).toMatchObject({ resolved: 0, closed: 0 })
    expect(Object.values<number>(counts.data.byStatus).reduce((sum, each) => sum + each, 0)).toBe(due)
    const { body } = await readers.admin.ask('GET', `/tickets?dueUntil=${until}&sort=due&limit=100`)
    const times = body.data.map(({ sla }: { sla: { nextDueAt: string } }) => sla.nextDueAt)
    expect(times).toHaveLength(100)
    expect(times).toEqual([...times].filter((at) => at < until).sort())
  })

  test('BP-013.7 ageing of what is open', async () => {
    expect(await scannedBy((await ask(readers.admin, '/tickets/progress?by=team')).sent)).toEqual([])
  })
})

describe('BP-013.2 pages', () => {
  test.each(SORTS)('by %s each ticket is shown once, also across states and a cursor', async (sort) => {
    const seen: string[] = []
    for (let cursor = '', page = 0; page < 6; page++) {
      const { body } = await readers.admin.ask('GET', `/tickets?tag=VIP&limit=40&sort=${sort}${cursor}`)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = `&cursor=${body.nextCursor}`
      if (body.nextCursor === null) break
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(ROWS / 300)
  })

  test('a word of two characters finds every title that has it, and no other', async () => {
    const { body } = await readers.admin.ask('GET', `/tickets/counts?q=${encodeURIComponent('琥珀')}`)
    expect(Object.values<number>(body.data.byStatus).reduce((sum, each) => sum + each, 0)).toBe(ROWS / 500)
    const { body: list } = await readers.admin.ask('GET', `/tickets?q=${encodeURIComponent('珀手')}&limit=100&sort=created`)
    expect(list.data).toHaveLength(100)
    expect(list.data.every(({ title }: { title: string }) => title.includes('珀手'))).toBe(true)
  })

  test.each(['%', '_', '\\', "'", "o'", ':*', '&|', '😀', '退款，', '#', '?:like', '款'.repeat(60)])(
    'BP-006.1 what is typed into the search is looked for as it is, or nothing is found: %s',
    async (words) => {
      const q = `q=${encodeURIComponent(words)}`
      for (const path of [`/tickets?${q}`, `/tickets?sort=created&status=open&${q}`, `/tickets/counts?${q}`, `/tickets/board?${q}`])
        expect([path, (await readers.admin.ask('GET', path)).status]).toEqual([path, 200])
      const list = await readers.admin.ask('GET', `/tickets?${q}`)
      expect(list.body.data.filter(({ title }: { title: string }) => !title.includes(words))).toEqual([])
    },
  )

  test('a word that every title has is counted as far as anybody counts, a rarer one to the last', async () => {
    const { body: all } = await readers.admin.ask('GET', `/tickets/counts?q=${encodeURIComponent('物流')}`)
    expect(all.data.byStatus).toMatchObject({ closed: 10_001, in_progress: 4000 - (await rareOf('in_progress')) })
    const { body: rare } = await readers.admin.ask('GET', `/tickets/counts?q=${encodeURIComponent('琥珀手')}`)
    expect(rare.data.byStatus).toMatchObject({ closed: await rareOf('closed'), in_progress: await rareOf('in_progress') })
  })

  test('a list of a hundred takes as many statements as a list of one', async () => {
    // Clocks look at tickets by themselves now and then: the fewest of three are the list's own.
    const fewest = async (path: string) => Math.min(...[await asked(path), await asked(path), await asked(path)])
    const asked = async (path: string) => (await ask(readers.admin, path)).sent.length
    await asked('/tickets?limit=1')
    expect(await fewest('/tickets?limit=100')).toBe(await fewest('/tickets?limit=1'))
  })
})

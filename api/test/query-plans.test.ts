/**
 * What the paths that everybody waits for ask of PostgreSQL: the number of statements, and, over tables as large as those of a busy
 * house, plans without a scan of them. Statements are taken as the product sends them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { claimDeliveries, recordInbound, waitingSenders } from '#api/modules/channels/index.ts'
import { drainQueue, handOut } from '#api/modules/conversations/assign-conversation.ts'
import { receiveFresh, receiveMessages } from '#api/modules/intake/index.ts'
import { newId } from '../core/ids.ts'
import { startTestApp, type OfficialAccount, type StaffClient, type TestApp } from './harness.ts'
import { type Statement, tablesScanned } from './plans.ts'

const ROWS = 50_000
const LARGE = [
  'messages',
  'conversations',
  'inbound_events',
  'deliveries',
  'customer_identities',
  'customers',
  'reply_allowances',
  'queue_entries',
  'assignments',
]

let running: TestApp
let agent: StaffClient
let account: OfficialAccount
let statements: Statement[] = []

const db = () => running.process.app.db

beforeAll(async () => {
  running = await startTestApp({ roles: ['api'] })
  account = await running.connectOfficial()
  agent = await running.staff('admin')
  await fill(account.id, agent.me.id)
  db().on('query', ({ sql, bindings }: Statement) => void statements.push({ sql, bindings }))
}, 120_000)
afterAll(() => running.stop())

/** A closed, an open and a few waiting conversations for many people, each with messages, ledger rows and deliveries. */
async function fill(accountId: string, agentId: string): Promise<void> {
  await db().raw(
    `create temp table people on commit drop as
       select g, gen_random_uuid() as customer, gen_random_uuid() as identity, gen_random_uuid() as conversation,
              gen_random_uuid() as message, gen_random_uuid() as event, gen_random_uuid() as answer from generate_series(1, ${ROWS}) g;
     insert into customers (id, name) select customer, 'person ' || g from people;
     insert into customer_identities (id, customer_id, channel_account_id, kind, value, profile_fetched_at)
       select identity, customer, '${accountId}', 'wechat-official', 'person-' || g, now() from people;
     insert into inbound_events (id, channel_account_id, external_key, kind, sender, event, raw, state, occurred_at)
       select event, '${accountId}', 'key-' || g, 'message', 'person-' || g,
              '{"kind":"other","occurredAt":"2026-01-01T00:00:00Z","from":null}', '<xml/>',
              case when g % 500 = 0 then 'received' else 'done' end, now() - g * interval '1 minute' from people;
     insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, last_seq, last_message_at, queued_at, opened_at, closed_at, created_at)
       select conversation, case when g % 500 = 0 then 'queued' when g % 100 = 0 then 'open' else 'closed' end, customer, identity, '${accountId}',
              case when g % 500 = 0 then null else '${agentId}'::uuid end, 2, now() - g * interval '1 minute', now() - g * interval '1 minute', now(),
              case when g % 100 = 0 then null else now() end, now() - g * interval '1 minute' from people;
     insert into queue_entries (id, work_kind, work_id, waiting_since, entered_at, rank_at, reason, left_at, left_reason)
       select gen_random_uuid(), 'conversation', conversation, now() - g * interval '1 minute', now() - g * interval '1 minute', now() - g * interval '1 minute',
              '{"code":"arrived","params":{}}', case when g % 500 = 0 then null else now() end, case when g % 500 = 0 then null else 'assigned' end from people;
     insert into assignments (id, work_kind, work_id, account_id, reason, assigned_at, ended_at, end_reason)
       select gen_random_uuid(), 'conversation', conversation, '${agentId}', '{"code":"least_open","params":{}}', now() - g * interval '1 minute',
              case when g % 100 = 0 then null else now() end, case when g % 100 = 0 then null else 'closed:resolved' end from people where g % 500 <> 0;
     insert into messages (conversation_id, seq, id, direction, author_kind, parts, inbound_event_id, occurred_at)
       select conversation, 1, message, 'inbound', 'customer', '[{"type":"text","text":"hello"}]', event, now() from people;
     insert into messages (conversation_id, seq, id, direction, author_kind, author_id, parts, delivery_state, occurred_at)
       select conversation, 2, answer, 'outbound', 'agent', '${agentId}', '[{"type":"text","text":"welcome"}]', 'sent', now() from people;
     insert into deliveries (id, message_id, conversation_id, conversation_seq, ordinal, channel_account_id, identity_id, part, state)
       select gen_random_uuid(), answer, conversation, 2, 0, '${accountId}', identity, '{"type":"text","text":"welcome"}',
              case when g % 1000 = 0 then 'queued' else 'sent' end from people;
     insert into reply_allowances (identity_id, action, expires_at, granted) select identity, 'message', now() + interval '1 day', 5 from people;
     ${LARGE.map((table) => `analyze ${table};`).join('\n')}`,
  )
}

/** What the product sends while `work` runs, transactions' own words apart, and what open sockets ask about their sessions now and then. */
async function sentBy(work: () => Promise<unknown>): Promise<Statement[]> {
  statements = []
  await work()
  return statements.filter(({ sql }) => !/^(begin|commit|rollback)|\bsessions\b/i.test(sql))
}

const event = (person: string, text: string) => ({
  kind: 'message',
  occurredAt: new Date().toISOString(),
  from: { externalId: person },
  opens: 'message',
  parts: [{ type: 'text', text }],
})

const recordOf = (person: string) => ({
  channelAccountId: account.id,
  externalKey: newId(),
  kind: 'message',
  sender: person,
  event: event(person, 'where is my parcel?'),
  raw: '<xml/>',
  occurredAt: new Date().toISOString(),
})

/** Callbacks of these people: ledger and intake in one transaction. */
const receive = (people: readonly string[]) => sentBy(() => receiveFresh(running.process.app, people.map(recordOf)))
/** What the ledger kept, taken from there. */
const receiveKept = (people: readonly string[]) =>
  sentBy(async () => {
    await recordInbound(db(), people.map(recordOf))
    await receiveMessages(
      running.process.app,
      people.map((sender) => ({ channelAccountId: account.id, sender })),
    )
  })
/** Enough to tell statements apart, whatever the number of their parameters. */
const told = (sent: readonly Statement[]) => sent.map(({ sql }) => sql.trim().slice(0, 60))

/** A process does something by itself, and reads again what it remembers, every few seconds: the fewest of some measurements are its own. */
const byNumber = (a: readonly Statement[], b: readonly Statement[]) => a.length - b.length
const fewest = async (measure: (time: number) => Promise<Statement[]>, times = 3) => {
  const measured: Statement[][] = []
  for (let time = 1; time <= times; time++) measured.push(await measure(time))
  return measured.sort(byNumber)[0] ?? []
}

const known = (count: number, from: number) => Array.from({ length: count }, (_, index) => `person-${(from + index) * 100}`)
const strangers = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`)

describe('the number of statements does not grow', () => {
  test('CH-07 a batch of 100 messages takes as many as one message', async () => {
    const [warm] = known(1, 1)
    await receive([warm!])
    const one = await fewest(() => receive(known(1, 2)))
    const hundred = await fewest(() => receive(known(100, 101)))
    expect(told(hundred)).toEqual(told(one))
    expect(one.length).toBeLessThanOrEqual(6)
  })

  test('CH-07 what waits in the ledger is taken with as many for 100 as for one', async () => {
    const one = await fewest(() => receiveKept(known(1, 3)))
    const hundred = await fewest(() => receiveKept(known(100, 301)))
    expect(told(hundred)).toEqual(told(one))
    expect(one.length).toBeLessThanOrEqual(7)
  })

  test('F7 a hundred people who write for the first time take as many as one', async () => {
    const one = await fewest((time) => receive(strangers(1, `single-${time}`)))
    const hundred = await fewest((time) => receive(strangers(100, `crowd-${time}`)))
    expect(told(hundred)).toEqual(told(one))
  })

  test('BP-003.4 handing out a hundred waiting conversations takes as many as handing out one', async () => {
    await agent.be('online')
    const round = (limit: number) => sentBy(() => handOut(running.process.app, { limit, after: null }))
    // The first one reads who there is, which is held until it changes.
    await round(1)
    expect((await fewest(() => round(20))).length).toBe((await fewest(() => round(1))).length)
    await agent.be('offline')
  })

  test('BP-007.6 limits and shifts of teams add no statement to handing out; a list of teams takes as many for one as for several', async () => {
    const round = () => sentBy(() => handOut(running.process.app, { limit: 5, after: null }))
    await agent.be('online')
    const before = await fewest(round)
    for (const name of ['one', 'two', 'three']) {
      await agent.post('/teams', { name, leaderId: agent.me.id, maxConversations: 100_000, memberMaxConversations: 900 })
    }
    // The roster changed: it is read anew, once.
    await round()
    const after = await fewest(round)
    expect(after.length).toBe(before.length)
    await agent.be('offline')
    const ask = (path: string) => fewest(() => sentBy(() => agent.get(path)))
    await ask('/teams?limit=1')
    expect((await ask('/teams?limit=100')).length).toBe((await ask('/teams?limit=1')).length)
  })

  test('BP-004.1 an answer takes the same however many there were before', async () => {
    const [first] = await agent.get<{ id: string }[]>('/conversations?status=open&assignee=me&limit=1')
    await agent.reply(first!.id, 'one')
    const answer = (which: string) =>
      fewest(async (time) => {
        await db()('reply_allowances').update({ spent: 0 })
        return sentBy(() => agent.reply(first!.id, `${which} ${time}`))
      })
    const early = await answer('early')
    expect(told(await answer('late'))).toEqual(told(early))
    expect(early.length).toBeLessThanOrEqual(24)
  })

  test('BP-004 a list of 100 conversations takes as many as a list of one; so does a page of messages', async () => {
    const ask = (path: string) => fewest(() => sentBy(() => agent.get(path)))
    await ask('/conversations?limit=1')
    expect((await ask('/conversations?limit=100')).length).toBe((await ask('/conversations?limit=1')).length)
    const [first] = await agent.get<{ id: string }[]>('/conversations?status=open&assignee=me&limit=1')
    const path = `/conversations/${first!.id}/messages`
    expect((await ask(`${path}?limit=100`)).length).toBe((await ask(`${path}?limit=1`)).length)
  })
})

/** Large tables that one of these statements reads from end to end. */
const scannedBy = (sent: readonly Statement[]) => tablesScanned(running.process.app.config.databaseUrl, sent, LARGE)

describe(`over ${ROWS} people no statement reads a large table from end to end`, () => {
  test('CH-07 taking in a callback, of somebody known and of a stranger', async () => {
    const [person] = known(1, 3)
    expect(await scannedBy(await receive([person!, 'a stranger']))).toEqual([])
  })

  test('what a dead process left in the ledger', async () => {
    expect(await scannedBy(await sentBy(() => waitingSenders(db(), 100)))).toEqual([])
  })

  test('claiming deliveries', async () => {
    expect(await scannedBy(await sentBy(() => claimDeliveries(db(), 10, [])))).toEqual([])
  })

  test('handing out the queue', async () => {
    expect(await scannedBy(await sentBy(() => drainQueue(running.process.app)))).toEqual([])
  })

  test('BP-004.1 answering', async () => {
    const [first] = await agent.get<{ id: string }[]>('/conversations?status=open&assignee=me&limit=1')
    expect(await scannedBy(await sentBy(() => agent.reply(first!.id, 'plans')))).toEqual([])
  })

  test.each([
    'status=open&assignee=me',
    'status=queued&sort=waiting',
    'status=closed',
    'status=closed&assignee=me',
    'limit=100',
    'sort=waiting',
    'assignee=me',
    'pinned=true',
    'snoozed=true',
    'reminders=true',
  ])('BP-004 the list ?%s', async (query) => {
    expect(await scannedBy(await sentBy(() => agent.get(`/conversations?${query}`)))).toEqual([])
  })

  test('BP-004 the list without a status goes from what is live to what is over, page by page, without a scan', async () => {
    const answer: unknown = await db().raw(`select count(*)::int as live from conversations where status <> 'closed'`)
    const { live } = z.object({ rows: z.tuple([z.object({ live: z.number() })]) }).parse(answer).rows[0]
    const seen: string[] = []
    for (let cursor = ''; seen.length < live + 150;) {
      const sent = await sentBy(async () => {
        const { body } = await agent.ask('GET', `/conversations?limit=100${cursor}`)
        seen.push(...body.data.map(({ id, status }: { id: string; status: string }) => `${status === 'closed' ? 'over' : 'live'} ${id}`))
        cursor = `&cursor=${body.nextCursor}`
      })
      expect(await scannedBy(sent)).toEqual([])
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((each) => each.startsWith('live'))).toHaveLength(live)
    expect(seen.slice(live).every((each) => each.startsWith('over'))).toBe(true)
  })

  test('BP-004 the list of an agent who sees only what is his', async () => {
    const own = await running.staff('agent')
    for (const query of ['limit=30', 'status=closed', 'assignee=me']) {
      expect(await scannedBy(await sentBy(() => own.get(`/conversations?${query}`)))).toEqual([])
    }
  })

  test('BP-004 counts, one conversation, and its messages', async () => {
    const [first] = await agent.get<{ id: string }[]>('/conversations?status=open&assignee=me&limit=1')
    const sent = await sentBy(async () => {
      await agent.get('/conversations/counts')
      await agent.conversation(first!.id)
      await agent.messages(first!.id)
      await agent.messages(first!.id, '?afterSeq=1')
    })
    expect(await scannedBy(sent)).toEqual([])
  })
})

/** What every key pressed in the picker asks of PostgreSQL, over shelves as full as they may be. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { QuickReplySuggestion } from '../contract/quick-reply.ts'
import { type StaffClient, startTestApp, type TestApp } from './harness.ts'
import { type Statement, tablesScanned } from './plans.ts'

const TABLES = ['quick_replies', 'quick_reply_totals', 'quick_reply_tallies', 'quick_reply_revisions']

let running: TestApp
let agent: StaffClient
let admin: StaffClient
let statements: Statement[] = []
const db = () => running.process.app.db

beforeAll(async () => {
  running = await startTestApp({ roles: ['api'] })
  agent = await running.staff('agent')
  admin = await running.staff('admin')
  await fill()
  db().on('query', ({ sql, bindings }: Statement) => void statements.push({ sql, bindings }))
}, 120_000)
afterAll(() => running.stop())

/** Nearly five thousand of the house, and a hundred of each of four hundred colleagues. */
async function fill(): Promise<void> {
  await db().raw(`
    insert into accounts (id, kind, username, name, role_id)
      select gen_random_uuid(), 'staff', 'colleague-' || g, 'colleague', (select id from roles where code = 'agent') from generate_series(1, 400) g;
    insert into quick_replies (id, scope, code, title, parts, spoken, position)
      select gen_random_uuid(), 'global', 'h' || g, '退款说明' || g, '[{"type":"text","text":"您的退款已提交"}]', '{tui,kuan,shuo,ming}', g
      from generate_series(1, 4990) g;
    insert into quick_replies (id, scope, owner_id, code, title, parts, spoken, position)
      select gen_random_uuid(), 'personal', a.id, 'p' || g, '我的话术' || g, '[{"type":"text","text":"您好"}]', '{wo,de,hua,shu}', g
      from accounts a cross join generate_series(1, 100) g where a.username like 'colleague-%';
    insert into quick_reply_totals (reply_id, uses, last_used_at) select id, 5, now() from quick_replies;
    insert into quick_reply_tallies (reply_id, account_id, uses, last_used_at)
      select r.id, r.owner_id, 5, now() from quick_replies r where r.owner_id is not null;
    insert into quick_reply_revisions (holder, revision) select gen_random_uuid(), 1 from generate_series(1, 5000);
    ${TABLES.map((table) => `analyze ${table};`).join('\n')}`)
}

const asked = async (q: string): Promise<Statement[]> => {
  statements = []
  const found = await agent.get<QuickReplySuggestion[]>(`/quick-replies/suggestions?q=${encodeURIComponent(q)}`)
  expect(found.length).toBeGreaterThan(0)
  return statements
}
const aboutReplies = (sent: readonly Statement[]) => sent.filter(({ sql }) => sql.includes('quick_repl'))

describe('BP-016.6 thousands of replies, searched at every key', () => {
  test('a search reads no table from end to end, and no reply that does not fit once the shelf is known', async () => {
    await asked('tk')
    for (const q of ['tuikuan', 'h4711', '退款', 'tksm 49']) {
      const sent = aboutReplies(await asked(q))
      expect({ q, statements: sent.length }).toEqual({ q, statements: 4 })
      expect(await tablesScanned(running.process.app.config.databaseUrl, sent, TABLES)).toEqual([])
    }
  })

  test('without a query what is used most comes by the index of the shelves', async () => {
    const sent = aboutReplies(await asked(''))
    expect(sent.length).toBe(3)
    expect(await tablesScanned(running.process.app.config.databaseUrl, sent, TABLES)).toEqual([])
  })

  test('one change of the house makes its shelf be read again, once', async () => {
    await admin.post('/quick-replies', { scope: 'global', title: '全新话术', parts: [{ type: 'text', text: '您好' }] })
    expect(aboutReplies(await asked('全新话术')).length).toBe(5)
    expect(aboutReplies(await asked('全新话术')).length).toBe(4)
  })
})

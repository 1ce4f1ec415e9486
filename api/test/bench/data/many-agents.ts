/** A large house: five hundred agents online in twenty teams, five thousand open conversations, and people who write for the first time. */
import type { App } from '#api/core/app.ts'
import { inTransaction, SYSTEM } from '#api/core/context.ts'
import { newId } from '#api/core/ids.ts'
import { createAccount } from '#api/modules/channels/index.ts'
import { createStaff } from '#api/modules/identity/index.ts'
import { officialAccount, openIdOf } from '../settings.ts'

export const HOUSE_AGENTS = 500
export const OPEN = 5000
export const TEAMS = 20
export const PASSWORD = 'a password of the benchmark'

/** Agents are `agent0` to `agent499`; conversation n is that of the follower `openIdOf(n)`. @returns id of the channel account */
export async function fillHouse(app: App, settings: Record<string, unknown> = {}): Promise<string> {
  const { id } = await inTransaction(app, SYSTEM, async (ctx) => {
    // One real one; the others are copies, since making a password takes time on purpose.
    await createStaff(ctx, { username: 'agent0', password: PASSWORD, name: 'agent0', role: 'agent' })
    return createAccount(ctx, { kind: 'wechat-official', name: 'bench', config: { ...officialAccount, mode: 'safe', ...settings } })
  })
  await app.db.raw(
    `insert into accounts (id, kind, username, password_hash, name, role_id)
       select gen_random_uuid(), kind, 'agent' || g, password_hash, 'agent' || g, role_id from accounts, generate_series(1, ${HOUSE_AGENTS - 1}) g where username = 'agent0';
     insert into presences (account_id, status) select id, 'online' from accounts on conflict (account_id) do update set status = 'online';
     insert into teams (id, name, member_max_conversations, max_conversations)
       select gen_random_uuid(), 'team ' || g, 400, case when g % 4 = 0 then 10000 end from generate_series(1, ${TEAMS}) g;
     insert into team_members (team_id, account_id, role)
       select t.id, a.id, 'agent' from (select id, row_number() over (order by id) as n from teams) t
       join (select id, row_number() over (order by id) as n from accounts) a on a.n % ${TEAMS} = t.n - 1 or a.n % 7 = t.n;
     insert into assignment_policies (id, work_kind, name, strategy, position) values
       (gen_random_uuid(), 'conversation', 'weighted', 'weighted', 1);`,
  )
  await arrive(app, { channelId: id, count: OPEN, held: true })
  await app.db.raw('analyze')
  return id
}

/** People who write for the first time; `held`: each is somebody's already. */
export async function arrive(app: App, { channelId, count, held }: { channelId: string; count: number; held: boolean }): Promise<void> {
  const people = JSON.stringify(
    Array.from({ length: count }, (_, number) => {
      const identity = newId()
      return { customer: newId(), identity, conversation: newId(), value: held ? openIdOf(number) : identity }
    }),
  )
  await app.db.transaction(async (trx) => {
    const from = `from json_to_recordset(?::json) as t(customer uuid, identity uuid, conversation uuid, value text)`
    const agents = `(select id, row_number() over (order by id) as n from accounts where username like 'agent%') a`
    const numbered = `(select *, row_number() over () as n ${from}) t`
    await trx.raw(`insert into customers (id, name) select customer, 'somebody' ${from}`, [people])
    await trx.raw(
      `insert into customer_identities (id, customer_id, channel_account_id, kind, value, profile_fetched_at)
       select identity, customer, ?, 'wechat-official', value, now() ${from}`,
      [channelId, people],
    )
    await trx.raw(
      `insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, queued_at, opened_at, accepted_at)
       select t.conversation, ${held ? `'open'` : `'queued'`}, t.customer, t.identity, ?, ${held ? 'a.id' : 'null'}, now(), now(), ${held ? 'now()' : 'null'}
       from ${numbered} ${held ? `join ${agents} on a.n = t.n % ${HOUSE_AGENTS} + 1` : ''}`,
      [channelId, people],
    )
    if (held)
      await trx.raw(
        `insert into assignments (id, work_kind, work_id, account_id, reason)
         select gen_random_uuid(), 'conversation', t.conversation, a.id, '{"code":"least_open","params":{}}'
         from ${numbered} join ${agents} on a.n = t.n % ${HOUSE_AGENTS} + 1`,
        [people],
      )
    else
      await trx.raw(
        `insert into queue_entries (id, work_kind, work_id, team_id, waiting_since, entered_at, rank_at, reason)
         select gen_random_uuid(), 'conversation', t.conversation, x.id, clock_timestamp(), clock_timestamp(), clock_timestamp(), '{"code":"arrived","params":{}}'
         from ${numbered} left join (select id, row_number() over (order by id) as n from teams) x on x.n = t.n % (2 * ${TEAMS})`,
        [people],
      )
  })
}

/** Sessions are rows: revoking one works at once, in every process. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { DATA_SCOPES } from '../../contract/identity.ts'
import type { App } from '../../core/app.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { sha256 } from '../../core/secrets.ts'
import { Session } from './model.ts'
import { IDLE_HOURS } from './open-session.ts'
import { grantsOf } from './permissions.ts'

const person = z.object({
  account_id: z.string(),
  name: z.string(),
  code: z.string(),
  built_in: z.boolean(),
  permissions: z.array(z.string()),
  data_scope: z.enum(DATA_SCOPES),
  must_change_password: z.boolean(),
})
const found = z.object({ rows: z.array(person.extend({ session_id: z.string(), stale: z.boolean() })) })
const people = z.object({ rows: z.array(person) })
const COLUMNS = 'a.id as account_id, a.name, r.code, r.built_in, r.permissions, r.data_scope, a.must_change_password'

/** One statement tells who it is and what he may: a change of his role holds from the next request on. */
const actorFrom = (row: z.infer<typeof person>, sessionId: string): StaffActor => ({
  kind: 'staff',
  accountId: row.account_id,
  sessionId,
  roleCode: row.code,
  name: row.name,
  permissions: grantsOf(row),
  dataScope: row.data_scope,
  mustChangePassword: row.must_change_password,
})

/** A member of staff as he acts by himself, without a session: for seeds, and for work done in his name. @throws NotFound */
export async function staffActor(trx: Knex, accountId: string): Promise<StaffActor> {
  const { rows } = people.parse(
    await trx.raw(`select ${COLUMNS} from accounts a join roles r on r.id = a.role_id where a.id = ?`, [accountId]),
  )
  const [row] = rows
  if (!row) throw new NotFound('account')
  return actorFrom(row, accountId)
}

/** Who holds this token; null when it is unknown, revoked, expired, idle for twelve hours, or its account is disabled. */
export async function staffByToken(app: App, token: string): Promise<StaffActor | null> {
  const { rows } = found.parse(
    await app.db.raw(
      `select s.id as session_id, ${COLUMNS}, s.last_seen_at < app_now() - interval '1 minute' as stale
       from sessions s join accounts a on a.id = s.account_id join roles r on r.id = a.role_id
       where s.token_digest = ? and s.revoked_at is null and s.expires_at > app_now()
         and s.last_seen_at > app_now() - ? * interval '1 hour' and a.status = 'active'`,
      [sha256(token), IDLE_HOURS],
    ),
  )
  const [row] = rows
  if (!row) return null
  if (row.stale)
    await app
      .db('sessions')
      .where({ id: row.session_id })
      .update({ last_seen_at: app.db.raw('app_now()') })
  return actorFrom(row, row.session_id)
}

/** Sessions with an open socket are in use: they count as seen. */
export async function aliveSessions(app: App, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await Session.query(app.db)
    .join('accounts', 'accounts.id', 'sessions.account_id')
    .select('sessions.id')
    .whereIn('sessions.id', [...ids])
    .whereNull('sessions.revoked_at')
    .where('sessions.expires_at', '>', app.db.raw('app_now()'))
    .where('accounts.status', 'active')
  const alive = rows.map((row) => row.id)
  await app
    .db('sessions')
    .whereIn('id', alive)
    .where('last_seen_at', '<', app.db.raw(`app_now() - interval '1 minute'`))
    .update({ last_seen_at: app.db.raw('app_now()') })
  return new Set(alive)
}

/** Ends the caller's session; its sockets are cut. */
export async function logOut(ctx: Ctx<StaffActor>): Promise<void> {
  const { sessionId } = ctx.actor
  await Session.query(ctx.trx).findById(sessionId).patch({ revoked_at: ctx.now })
  ctx.afterCommit(() => ctx.app.realtime.disconnect('staff', rooms.session(sessionId)))
}

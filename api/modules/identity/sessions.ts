/** Sessions are rows: revoking one works at once, in every process. */
import { z } from 'zod'
import { ROLES } from '../../contract/identity.ts'
import type { App } from '../../core/app.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { sha256 } from '../../core/secrets.ts'
import { IDLE_HOURS } from './log-in.ts'
import { Session } from './model.ts'
import { permissionsOf } from './permissions.ts'

const found = z.object({
  rows: z.array(z.object({ session_id: z.string(), account_id: z.string(), name: z.string(), role: z.enum(ROLES), stale: z.boolean() })),
})

/** Who holds this token; null when it is unknown, revoked, expired, idle for twelve hours, or its account is disabled. */
export async function staffByToken(app: App, token: string): Promise<StaffActor | null> {
  const { rows } = found.parse(
    await app.db.raw(
      `select s.id as session_id, a.id as account_id, a.name, a.role, s.last_seen_at < app_now() - interval '1 minute' as stale
       from sessions s join accounts a on a.id = s.account_id
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
  return {
    kind: 'staff',
    accountId: row.account_id,
    sessionId: row.session_id,
    role: row.role,
    name: row.name,
    permissions: permissionsOf(row.role),
  }
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

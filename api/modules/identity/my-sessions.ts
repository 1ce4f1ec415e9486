import type { LoginSession } from '../../contract/login.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { endSessions } from './end-sessions.ts'
import { Session } from './model.ts'
import { IDLE_HOURS } from './open-session.ts'

const MOST = 100

export async function mySessions(ctx: Ctx<StaffActor>): Promise<LoginSession[]> {
  const rows = await Session.query(ctx.trx)
    .where({ account_id: ctx.actor.accountId, revoked_at: null })
    .where('expires_at', '>', ctx.now)
    .where('last_seen_at', '>', new Date(ctx.now.getTime() - IDLE_HOURS * 3_600_000))
    .orderBy([
      { column: 'last_seen_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(MOST)
  return rows.map((row) => ({
    id: row.id,
    current: row.id === ctx.actor.sessionId,
    method: row.method,
    ip: row.ip,
    userAgent: row.user_agent,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
  }))
}

/** @throws NotFound also for somebody else's */
export async function revokeSession(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  const ended = await endSessions(ctx, ctx.actor.accountId, { only: id })
  if (ended === 0) throw new NotFound('session')
  await record(ctx, {
    action: 'session.revoked',
    object: { kind: 'account', id: ctx.actor.accountId, label: ctx.actor.name },
    context: { session: id },
  })
}

export async function revokeOtherSessions(ctx: Ctx<StaffActor>): Promise<void> {
  const sessions = await endSessions(ctx, ctx.actor.accountId, { except: ctx.actor.sessionId })
  if (sessions > 0)
    await record(ctx, {
      action: 'session.revoked',
      object: { kind: 'account', id: ctx.actor.accountId, label: ctx.actor.name },
      context: { sessions },
    })
}

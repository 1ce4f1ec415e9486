import type { z } from 'zod'
import type { Alert, alertListQuery } from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { type Scope, scopeOf } from '../scope.ts'
import { ALERT_COLUMNS, ALERT_JOINS, alertRows, presentAlert } from './present-alert.ts'

/** Those of one's teams; of the general queue and of channels, everybody's. */
export const alertsWithin = ({ teamIds }: Scope): { sql: string; bindings: string[][] } =>
  teamIds === null
    ? { sql: 'true', bindings: [] }
    : { sql: '(al.team_id is null or al.team_id = any(?::uuid[]))', bindings: [[...teamIds]] }

/** More kinds of trouble at once than this is one. */
const MOST = 200

export async function openAlerts(ctx: Ctx, scope: Scope): Promise<Alert[]> {
  const within = alertsWithin(scope)
  const answer: unknown = await ctx.trx.raw(
    `select ${ALERT_COLUMNS} from alerts al ${ALERT_JOINS} where al.resolved_at is null and ${within.sql}
     order by (al.acknowledged_at is not null), al.raised_at, al.id limit ${MOST}`,
    within.bindings,
  )
  return alertRows.parse(answer).rows.map(presentAlert)
}

export async function listAlerts(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof alertListQuery>,
): Promise<{ data: Alert[]; nextCursor: string | null }> {
  const scope = await scopeOf(ctx)
  if (query.state === 'open') return { data: await openAlerts(ctx, scope), nextCursor: null }
  const within = alertsWithin(scope)
  const before = decodeTimeCursor(query.cursor)
  const answer: unknown = await ctx.trx.raw(
    `select ${ALERT_COLUMNS} from alerts al ${ALERT_JOINS} where al.resolved_at is not null and ${within.sql}
       ${before ? 'and (al.resolved_at, al.id) < (?::timestamptz, ?::uuid)' : ''}
     order by al.resolved_at desc, al.id desc limit ?`,
    [...within.bindings, ...(before ? [before.key, before.id] : []), query.limit + 1],
  )
  const { rows } = alertRows.parse(answer)
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return {
    data: rows.slice(0, query.limit).map(presentAlert),
    nextCursor: last?.resolved_at ? encodeCursor(last.resolved_at.toISOString(), last.id) : null,
  }
}

import type { Alert } from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { reachesTeam, scopeOf } from '../scope.ts'
import { ALERT_COLUMNS, ALERT_JOINS, type AlertRow, alertRows, presentAlert } from './present-alert.ts'
import { tellOfAlerts } from './tell.ts'

async function find(ctx: Ctx, id: string): Promise<AlertRow | undefined> {
  const answer: unknown = await ctx.trx.raw(`select ${ALERT_COLUMNS} from alerts al ${ALERT_JOINS} where al.id = ?`, [id])
  return alertRows.parse(answer).rows[0]
}

/** Somebody takes care: all others see who. The first one stands; again, or after it is over, changes nothing. @throws NotFound */
export async function acknowledgeAlert(ctx: Ctx<StaffActor>, id: string): Promise<Alert> {
  const scope = await scopeOf(ctx)
  const before = await find(ctx, id)
  if (!before || !reachesTeam(scope, before.team_id)) throw new NotFound('alert')
  const taken = await ctx
    .trx('alerts')
    .where({ id })
    .whereNull('acknowledged_at')
    .whereNull('resolved_at')
    .update({ acknowledged_by: ctx.actor.accountId, acknowledged_at: ctx.now, version: ctx.trx.raw('version + 1') })
  const after = await find(ctx, id)
  if (!after) throw new NotFound('alert')
  if (taken > 0) {
    await record(ctx, { action: 'alert.acknowledged', object: { kind: 'alert', id, label: after.team_name ?? after.channel_name } })
    await tellOfAlerts(ctx, [after])
  }
  return presentAlert(after)
}

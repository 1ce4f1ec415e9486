import { z } from 'zod'
import {
  type Policy,
  policyConditionsSchema,
  policySettingsSchema,
  STRATEGIES,
  WORK_KINDS,
  type WorkKind,
} from '../../../contract/routing.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { whatHeMayChange } from '../scope.ts'
import { inEffect } from './matching.ts'

const policyRows = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      work_kind: z.enum(WORK_KINDS),
      name: z.string(),
      team: z.object({ id: z.string(), name: z.string() }).nullable(),
      strategy: z.enum(STRATEGIES),
      settings: policySettingsSchema,
      conditions: policyConditionsSchema,
      otherwise: z.enum(['next', 'wait']),
      position: z.number(),
      enabled: z.boolean(),
      effective_from: z.date().nullable(),
      effective_until: z.date().nullable(),
      assigned: z.coerce.number(),
      updated_at: z.date(),
      version: z.number(),
    }),
  ),
})
/** As many as anybody can keep an eye on; a form refuses more. */
const MOST = 200

const SELECT = `
  select p.*, case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end as team,
    (select count(*) from assignments w where w.policy_id = p.id and w.assigned_at > (select app_now()) - interval '1 day') as assigned
  from assignment_policies p left join teams t on t.id = p.team_id`

/** In their order. */
export async function listPolicies(ctx: Ctx<StaffActor>, kind: WorkKind): Promise<Policy[]> {
  return present(ctx, await ctx.trx.raw(`${SELECT} where p.work_kind = ? order by p.position limit ?`, [kind, MOST]))
}

/** @throws NotFound */
export async function policyOf(ctx: Ctx<StaffActor>, id: string): Promise<Policy> {
  const [policy] = await present(ctx, await ctx.trx.raw(`${SELECT} where p.id = ?`, [id]))
  if (!policy) throw new NotFound('policy')
  return policy
}

async function present(ctx: Ctx<StaffActor>, answer: unknown): Promise<Policy[]> {
  const mayChange = await whatHeMayChange(ctx)
  return policyRows.parse(answer).rows.map(({ work_kind, effective_from, effective_until, assigned, updated_at, ...row }) => ({
    ...row,
    workKind: work_kind,
    effectiveFrom: effective_from?.toISOString() ?? null,
    effectiveUntil: effective_until?.toISOString() ?? null,
    active: row.enabled && inEffect({ effectiveFrom: effective_from, effectiveUntil: effective_until }, ctx.now),
    assignedToday: assigned,
    canChange: mayChange(row.team?.id ?? null),
    updatedAt: updated_at.toISOString(),
  }))
}

/** A ticket rises to somebody who can settle it (BP-006.8): by hand with a reason, or by a rule. */
import { z } from 'zod'
import type { escalateRequest } from '../../../contract/sla.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { handTicket } from '../assigning/hand-ticket.ts'
import { recordTicketEvent } from '../history.ts'
import type { TicketRow } from '../model.ts'
import { ticketFor } from '../policy.ts'
import { saveTicket } from '../save.ts'
import { isOver } from '../states.ts'
import type { Rule } from './escalate-soon.ts'
import { type LevelRow, loadLevels } from './levels.ts'
import { nextLevel, type Path } from './next-level.ts'
import { tellOfEscalation } from './tell.ts'

export interface Cause {
  reason: string | null
  rule: Rule | null
}

const past = z.object({ rows: z.tuple([z.object({ teams: z.array(z.string()), people: z.array(z.string()) })]) })

export async function pathOf(ctx: Ctx, row: TicketRow): Promise<Path> {
  const answer: unknown = await ctx.trx.raw(
    `select coalesce(json_agg(from_team_id) filter (where from_team_id is not null), '[]') as teams,
       coalesce(json_agg(from_assignee_id) filter (where from_assignee_id is not null), '[]') as people
     from ticket_escalations where ticket_id = ?`,
    [row.id],
  )
  const [{ teams, people }] = past.parse(answer).rows
  return { level: row.escalation_level, teamId: row.team_id, assigneeId: row.assignee_id, pastTeamIds: teams, pastAssigneeIds: people }
}

/** @throws as `ticketFor`; Conflict `ticket_closed`, `escalation_loop`, `escalation_unavailable` with `{ level }`, where it is now */
export async function escalateByHand(ctx: Ctx<StaffActor>, id: string, input: z.output<typeof escalateRequest>): Promise<TicketRow> {
  const row = await ticketFor(ctx, id, 'transfer')
  if (isOver(row.status)) throw new Conflict('ticket_closed', 'what is settled is reopened first', { number: row.number })
  const found = nextLevel(await loadLevels(ctx), await pathOf(ctx, row), { wanted: input.level ?? null })
  if ('refusal' in found) throw new Conflict(found.refusal, 'it cannot rise there', { level: row.escalation_level })
  await rise(ctx, row, { target: found.target, cause: { reason: input.reason, rule: null } })
  await record(ctx, {
    action: 'ticket.escalated',
    object: { kind: 'ticket', id: row.id, label: row.number },
    after: { level: found.target.level, name: found.target.name },
    context: { reason: input.reason },
  })
  return row
}

/** The row is locked and not over. */
export async function rise(ctx: Ctx, row: TicketRow, { target, cause }: { target: LevelRow; cause: Cause }): Promise<void> {
  const from = { level: row.escalation_level, teamId: row.team_id, assigneeId: row.assignee_id }
  const to = target.account_id !== null && target.account_active ? { id: target.account_id, name: target.account_name ?? '' } : null
  const teamId = target.team_id !== null && target.team_active ? target.team_id : row.team_id
  const { id } = await insertEscalation(ctx, row, { target, cause, to: { teamId, accountId: to?.id ?? null } })
  await saveTicket(ctx, row, { escalation_level: target.level })
  await recordTicketEvent(ctx, row, {
    kind: 'escalated',
    before: { level: from.level },
    after: { level: target.level },
    params: {
      name: target.name,
      ...(cause.reason === null ? {} : { reason: cause.reason }),
      ...(cause.rule === null ? {} : { rule: cause.rule }),
    },
  })
  const reason = { code: 'escalated', params: { level: target.level, name: target.name } }
  await handTicket(ctx, row, { teamId, to, reason, endReason: 'escalated', note: cause.reason })
  ctx.emit({
    name: 'ticket.escalated',
    subjectId: row.id,
    payload: { level: target.level, from: from.level, rule: cause.rule?.code ?? null },
  })
  await tellOfEscalation(ctx, row, { escalationId: id, target, formerAssigneeId: from.assigneeId, byRule: cause.rule !== null })
}

interface Insert {
  target: LevelRow
  cause: Cause
  to: { teamId: string | null; accountId: string | null }
}

async function insertEscalation(ctx: Ctx, row: TicketRow, { target, cause, to }: Insert): Promise<{ id: string }> {
  const id = newId()
  await ctx.trx('ticket_escalations').insert({
    id,
    ticket_id: row.id,
    level: target.level,
    level_name: target.name,
    from_level: row.escalation_level,
    from_team_id: row.team_id,
    from_assignee_id: row.assignee_id,
    to_team_id: to.teamId,
    to_assignee_id: to.accountId,
    escalated_by: ctx.actor.kind === 'staff' && cause.rule === null ? ctx.actor.accountId : null,
    reason: cause.rule === null ? cause.reason : null,
    rule: cause.rule?.code ?? null,
    params: JSON.stringify(cause.rule?.params ?? {}),
    created_at: ctx.now,
  })
  return { id }
}

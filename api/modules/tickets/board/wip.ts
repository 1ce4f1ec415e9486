/** How much may be in a state at once (BP-013.1): told on the board, asked before a card is dragged there. */
import { z } from 'zod'
import { WIP_STATUSES, type WipLimits, type wipLimitsPut } from '../../../contract/ticket-board.ts'
import type { TicketStatus } from '../../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'
import { TeamRow } from '../../teams/index.ts'
import type { TicketRow } from '../model.ts'

const limitRows = z.object({
  rows: z.array(z.object({ team_id: z.string().nullable(), team: z.string().nullable(), status: z.enum(WIP_STATUSES), max: z.number() })),
})
const revisionRow = z.object({ version: z.number() })

async function limits(ctx: Pick<Ctx, 'trx'>) {
  const answer: unknown = await ctx.trx.raw(
    `select l.team_id, t.name as team, l.status, l.max from ticket_wip_limits l left join teams t on t.id = l.team_id
     order by l.team_id is not null, t.name, l.status`,
  )
  return limitRows.parse(answer).rows
}

export async function wipLimits(ctx: Pick<Ctx, 'trx'>): Promise<WipLimits> {
  const { version } = revisionRow.parse(await ctx.trx('ticket_wip_revision').first('version'))
  const rows = await limits(ctx)
  return {
    version,
    limits: rows.map(({ team_id: id, team, status, max }) => ({ team: id === null ? null : { id, name: team ?? '' }, status, max })),
  }
}

/** Of the house, or of one team. */
export async function limitsOf(ctx: Pick<Ctx, 'trx'>, teamId: string | null): Promise<Map<string, number>> {
  const rows = await limits(ctx)
  return new Map(rows.filter((row) => row.team_id === teamId).map(({ status, max }) => [status, max]))
}

/** @throws Conflict `version_conflict`; Invalid for a team that is not there */
export async function putWipLimits(ctx: Ctx<StaffActor>, wish: z.output<typeof wipLimitsPut>): Promise<WipLimits> {
  const { version } = revisionRow.parse(await ctx.trx('ticket_wip_revision').forUpdate().first('version'))
  if (version !== wish.version) throw new Conflict('version_conflict', 'somebody else changed the limits', { version })
  const teamIds = [...new Set(wish.limits.flatMap(({ teamId }) => teamId ?? []))]
  const known = await TeamRow.query(ctx.trx).whereIn('id', teamIds).select('id')
  if (known.length !== teamIds.length) throw new Invalid('invalid_request', 'a team that is not there')
  const before = await wipLimits(ctx)
  await ctx.trx('ticket_wip_limits').delete()
  if (wish.limits.length > 0)
    await ctx.trx('ticket_wip_limits').insert(wish.limits.map(({ teamId, status, max }) => ({ team_id: teamId, status, max })))
  await ctx.trx('ticket_wip_revision').update({ version: version + 1 })
  const after = await wipLimits(ctx)
  const changes = changesOf({ limits: before.limits }, { limits: after.limits })
  if (changes) await record(ctx, { action: 'ticket_wip_limits.changed', object: { kind: 'ticket_wip_limits' }, ...changes })
  return after
}

const counted = z.object({ rows: z.array(z.object({ max: z.number(), count: z.coerce.number(), team: z.string().nullable() })) })

/**
 * Asked before a ticket is dragged into a state. The revision is locked, so that two who drag at once cannot both take the last place. Limits are kept by
 * those who plan on the board: what customers and clocks move goes where it must, and whoever claims a ticket or ends a pause serves a customer, who would
 * wait for nothing else. The board shows by how much a column is beyond its limit.
 * @throws Conflict `wip_limit_reached` `{ max, count, team }`
 */
export async function refuseBeyondLimit(ctx: Ctx, row: TicketRow, to: TicketStatus): Promise<void> {
  if (row.status === to || !WIP_STATUSES.some((status) => status === to)) return
  const any: unknown = await ctx.trx('ticket_wip_limits').where({ status: to }).first('max')
  if (any === undefined) return
  await ctx.trx('ticket_wip_revision').forUpdate().first('version')
  const answer: unknown = await ctx.trx.raw(
    `select l.max, t.name as team, (select count(*) from tickets k where k.status = l.status and (l.team_id is null or k.team_id = l.team_id)) as count
     from ticket_wip_limits l left join teams t on t.id = l.team_id
     where l.status = :to and (l.team_id is null or l.team_id = :team::uuid) order by l.team_id is null`,
    { to, team: row.team_id },
  )
  const full = counted.parse(answer).rows.find(({ max, count }) => count >= max)
  if (full) throw new Conflict('wip_limit_reached', 'this column is full', { max: full.max, count: full.count, team: full.team })
}

/** Columns and lanes of people, teams and types: which there are, and what they are called. */
import { z } from 'zod'
import { PRIORITIES } from '../../../contract/priority.ts'
import { NOBODY, type TicketBoardQuery } from '../../../contract/ticket-board.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { teamIdsOf } from '../../teams/index.ts'
import { COLUMN_STATUSES } from './shape.ts'

const nameRows = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string() })) })
const idRows = z.array(z.object({ id: z.string() }))
const UUID = /^[0-9a-f-]{36}$/

/** Columns that stand also while nothing is in them, so that something can be dragged there. */
export async function keysToShow(ctx: Ctx<StaffActor>, { group, teamId }: TicketBoardQuery): Promise<string[]> {
  if (group === 'status') return [...COLUMN_STATUSES]
  if (group === 'priority') return [...PRIORITIES].reverse()
  const own = await teamIdsOf({ db: ctx.trx }, ctx.actor.accountId)
  if (group === 'team') return [NOBODY, ...own]
  const teams = teamId?.filter((id) => id !== NOBODY) ?? own
  const members: unknown = await ctx
    .trx('team_members as m')
    .join('accounts as a', 'a.id', 'm.account_id')
    .whereIn('m.team_id', teams)
    .where('a.status', 'active')
    .orderBy('a.id')
    .distinct('a.id')
  return [NOBODY, ...idRows.parse(members).map(({ id }) => id)]
}

/** Types in the reader's language. One statement for all. */
const NAMES = `
  select id, name from accounts where id = any(:ids::uuid[])
  union all select id, name from teams where id = any(:ids::uuid[])
  union all select y.id, case when me.locale = 'en' then y.name_en else y.name_zh end from ticket_types y join accounts me on me.id = :me
    where y.id = any(:ids::uuid[])`

export async function namesOf(ctx: Ctx<StaffActor>, keys: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(keys)].filter((key) => UUID.test(key))
  if (ids.length === 0) return new Map()
  const { rows } = nameRows.parse(await ctx.trx.raw(NAMES, { ids, me: ctx.actor.accountId }))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

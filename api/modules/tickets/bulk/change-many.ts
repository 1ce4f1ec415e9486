/** The same changes to many tickets (BP-013.6): each by itself behind a savepoint, so that one that is refused keeps no other from being changed. */
import type { z } from 'zod'
import type { TicketResult, TicketResults } from '../../../contract/ticket-assigning.ts'
import type { ticketBulkRequest } from '../../../contract/ticket-bulk.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { resultsOf } from '../assigning/assign-tickets.ts'
import { type Given, tellAssignees, type Teller, tellNobody } from '../assigning/tell.ts'
import { applyActions } from '../macros/apply-actions.ts'
import { attempt, rehearse } from '../macros/attempt.ts'
import type { TicketRow } from '../model.ts'
import { ticketsFor } from '../policy.ts'

type Request = z.output<typeof ticketBulkRequest>

/**
 * Locked in the order of their ids before the first is changed; told in the order asked. Each leaves its own history, and one line in the audit trail; whoever
 * is given several is told once.
 */
export async function changeMany(ctx: Ctx<StaffActor>, request: Request): Promise<TicketResults> {
  const given: Given[] = []
  const results = await judged(ctx, request, (row) => changeOne(ctx, row, { ...request, given }))
  await tellAssignees(ctx, given)
  await record(ctx, {
    action: 'tickets.changed_in_bulk',
    object: { kind: 'ticket' },
    context: { actions: request.actions.map(({ kind }) => kind), ...results.counts },
  })
  return results
}

/** What would become of each, and nothing does. */
export const previewMany = (ctx: Ctx<StaffActor>, request: Request): Promise<TicketResults> =>
  judged(ctx, request, async (row) => {
    const tried = await rehearse(ctx, (inner) => carryOutOn(inner, row, { ...request, tell: tellNobody }))
    return tried.done ? outcomeOf(row, tried.value) : refusalOf(row, tried.error)
  })

async function changeOne(ctx: Ctx<StaffActor>, row: TicketRow, { given, ...request }: Request & { given: Given[] }): Promise<TicketResult> {
  const mine: Given[] = []
  const tell: Teller = (_, each) => Promise.resolve(void mine.push(...each))
  const tried = await attempt(ctx, (inner) => carryOutOn(inner, row, { ...request, tell }))
  if (!tried.done) return refusalOf(row, tried.error)
  given.push(...mine)
  return outcomeOf(row, tried.value)
}

/** @returns how many of the actions changed something */
async function carryOutOn(ctx: Ctx<StaffActor>, row: TicketRow, { items, actions, tell }: Request & { tell: Teller }): Promise<number> {
  const seen = items.find(({ id }) => id === row.id)?.version
  if (seen !== undefined && seen !== row.version)
    throw new Conflict('version_conflict', 'somebody else has changed this ticket', { version: row.version })
  return (await applyActions(ctx, row, { actions, key: newId(), tell })).length
}

const outcomeOf = ({ id, number }: TicketRow, changes: number): TicketResult => ({
  id,
  number,
  outcome: changes > 0 ? 'done' : 'unchanged',
  code: null,
  context: {},
})
const refusalOf = ({ id, number }: TicketRow, error: { code: string; context: Record<string, unknown> }): TicketResult => ({
  id,
  number,
  outcome: 'refused',
  code: error.code,
  context: error.context,
})

/** One after the other: each is a change by itself, with clocks, ledger and history of its own, and there are at most a hundred. */
async function judged(ctx: Ctx<StaffActor>, { items }: Request, judge: (row: TicketRow) => Promise<TicketResult>): Promise<TicketResults> {
  const ids = [...new Set(items.map(({ id }) => id))]
  const { rows, refused } = await ticketsFor(ctx, ids, 'comment')
  const results = new Map<string, TicketResult>()
  for (const row of rows) results.set(row.id, await judge(row))
  for (const [id, code] of refused) results.set(id, { id, number: null, outcome: 'refused', code, context: {} })
  return resultsOf(ids.flatMap((id) => results.get(id) ?? []))
}

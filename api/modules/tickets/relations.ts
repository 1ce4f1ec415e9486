/** How tickets stand to each other: duplicates, parent and children, what blocks what. */
import { z } from 'zod'
import { PRIORITIES } from '../../contract/priority.ts'
import type { TicketRelationKind, TicketRelationRole } from '../../contract/ticket-terms.ts'
import { MAX_RELATIONS, type relationRequest, type TicketRelation } from '../../contract/ticket.ts'
import { TICKET_STATUSES } from '../../contract/ticket-status.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { recordTicketEvent } from './history.ts'
import type { TicketRow } from './model.ts'
import { type Reach, seesTicket, ticketFor, ticketsFor } from './policy.ts'
import { saveTicket } from './save.ts'

/** A role is a kind, read from one side. */
const SIDES: Record<TicketRelationRole, { kind: TicketRelationKind; first: boolean }> = {
  duplicates: { kind: 'duplicate', first: true },
  duplicated_by: { kind: 'duplicate', first: false },
  parent_of: { kind: 'parent', first: true },
  child_of: { kind: 'parent', first: false },
  blocks: { kind: 'blocks', first: true },
  blocked_by: { kind: 'blocks', first: false },
}
const ROLES: Record<TicketRelationKind, readonly [TicketRelationRole, TicketRelationRole]> = {
  duplicate: ['duplicates', 'duplicated_by'],
  parent: ['parent_of', 'child_of'],
  blocks: ['blocks', 'blocked_by'],
}
const roleOf = (kind: TicketRelationKind, first: boolean): TicketRelationRole => ROLES[kind][first ? 0 : 1]

const found = z.object({ rows: z.array(z.object({ found: z.literal(1) })) })

/** Would `from` be reached again from `to`? */
async function closesCircle(ctx: Ctx, kind: TicketRelationKind, { from, to }: { from: string; to: string }): Promise<boolean> {
  const answer: unknown = await ctx.trx.raw(
    `with recursive reached as (
       select :to::uuid as id
       union
       select r.other_id from ticket_relations r join reached on r.ticket_id = reached.id where r.kind = :kind)
     select 1 as found from reached where id = :from::uuid limit 1`,
    { from, to, kind },
  )
  return found.parse(answer).rows.length > 0
}

/**
 * Both tickets must be open to the writer; what is written stands in the history of both.
 * @throws Conflict `ticket_relation_cycle`, `ticket_relation_exists` (also for a second parent), `limit_reached`; as `ticketFor`
 */
export async function relateTickets(ctx: Ctx<StaffActor>, id: string, { role, ticketId }: z.output<typeof relationRequest>): Promise<void> {
  if (id === ticketId)
    throw new Invalid('invalid_request', 'a ticket has no relation to itself', {
      issues: [{ path: 'ticketId', code: 'same', message: 'same' }],
    })
  const { kind, first } = SIDES[role]
  const [one, other] = await bothFor(ctx, id, ticketId)
  const [from, to] = first ? [one, other] : [other, one]
  // Relations are rare and circles are found by reading many: their writers take turns.
  await ctx.trx.raw('lock table ticket_relations in share row exclusive mode')
  await refuseTooMany(ctx, id)
  if (await exists(ctx, kind, { from: from.id, to: to.id }))
    throw new Conflict('ticket_relation_exists', 'they are related like this, or it has a parent', { kind })
  if (await closesCircle(ctx, kind, { from: from.id, to: to.id }))
    throw new Conflict('ticket_relation_cycle', 'this would close a circle', { kind, number: other.number })
  await ctx
    .trx('ticket_relations')
    .insert({ id: newId(), ticket_id: from.id, other_id: to.id, kind, created_by: ctx.actor.accountId, created_at: ctx.now })
  await tellBoth(ctx, [one, other], { kind: 'related', roles: [role, roleOf(kind, !first)] })
}

/** Locked in the order of their ids, whichever is named first. The other one need only be seen. */
async function bothFor(ctx: Ctx<StaffActor>, id: string, otherId: string): Promise<[TicketRow, TicketRow]> {
  await ticketFor(ctx, id, 'view')
  const { rows, refused } = await ticketsFor(ctx, [id, otherId], 'comment')
  const other = rows.find((row) => row.id === otherId)
  if (refused.get(otherId) === 'not_found') throw new NotFound('ticket')
  const one = await ticketFor(ctx, id, 'edit')
  return [one, other ?? (await ticketFor(ctx, otherId, 'comment'))]
}

async function refuseTooMany(ctx: Ctx, id: string): Promise<void> {
  const there: unknown[] = await ctx
    .trx('ticket_relations')
    .where({ ticket_id: id })
    .orWhere({ other_id: id })
    .limit(MAX_RELATIONS)
    .pluck('id')
  if (there.length >= MAX_RELATIONS) throw new Conflict('limit_reached', 'too many relations', { max: MAX_RELATIONS })
}

async function exists(ctx: Ctx, kind: TicketRelationKind, { from, to }: { from: string; to: string }): Promise<boolean> {
  const row: unknown = await ctx
    .trx('ticket_relations')
    .where({ kind })
    .where((any) => {
      void any.where({ ticket_id: from, other_id: to })
      if (kind === 'parent') void any.orWhere({ other_id: to })
      if (kind === 'duplicate') void any.orWhere({ ticket_id: to, other_id: from })
    })
    .first('id')
  return row !== undefined
}

type Told = { kind: 'related' | 'unrelated'; roles: readonly [TicketRelationRole, TicketRelationRole] }

async function tellBoth(ctx: Ctx, [one, other]: readonly [TicketRow, TicketRow], { kind, roles }: Told): Promise<void> {
  const sides = [
    { row: one, about: other, role: roles[0] },
    { row: other, about: one, role: roles[1] },
  ]
  for (const { row, about, role } of sides) {
    const saved = await saveTicket(ctx, row, {})
    await recordTicketEvent(ctx, saved, { kind, params: { role, ticketId: about.id, number: about.number } })
  }
}

const relationRow = z.object({ ticket_id: z.string(), other_id: z.string(), kind: z.enum(['duplicate', 'parent', 'blocks']) }).optional()

/** @throws NotFound for a relation of another ticket */
export async function unrelateTickets(ctx: Ctx<StaffActor>, id: string, relationId: string): Promise<void> {
  const row = relationRow.parse(
    await ctx
      .trx('ticket_relations')
      .where({ id: relationId })
      .where((any) => any.where({ ticket_id: id }).orWhere({ other_id: id }))
      .first('ticket_id', 'other_id', 'kind'),
  )
  if (!row) throw new NotFound('relation')
  const first = row.ticket_id === id
  const both = await bothFor(ctx, id, first ? row.other_id : row.ticket_id)
  const removed = await ctx.trx('ticket_relations').delete().where({ id: relationId })
  if (removed === 0) throw new NotFound('relation')
  await tellBoth(ctx, both, { kind: 'unrelated', roles: [roleOf(row.kind, first), roleOf(row.kind, !first)] })
}

const shown = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(['duplicate', 'parent', 'blocks']),
    first: z.boolean(),
    other_id: z.string(),
    number: z.string(),
    title: z.string(),
    status: z.enum(TICKET_STATUSES),
    priority: z.enum(PRIORITIES),
    assignee_id: z.string().nullable(),
    assignee_name: z.string().nullable(),
    team_id: z.string().nullable(),
    created_by: z.string().nullable(),
    watcher_ids: z.array(z.string()),
  }),
)

/** With the other one's row where the reader sees it. */
export async function shownRelations(ctx: Ctx, { id }: TicketRow, reach: Reach): Promise<TicketRelation[]> {
  const found: unknown = await ctx
    .trx('ticket_relations as r')
    .joinRaw('join tickets t on t.id = case when r.ticket_id = :id then r.other_id else r.ticket_id end', { id })
    .leftJoin('accounts as a', 'a.id', 't.assignee_id')
    .where((any) => any.where('r.ticket_id', id).orWhere('r.other_id', id))
    .orderBy(['r.created_at', 'r.id'])
    .limit(MAX_RELATIONS)
    .select('r.id', 'r.kind', 't.id as other_id', 't.number', 't.title', 't.status', 't.priority', 't.assignee_id', 't.team_id')
    .select('t.created_by', 't.watcher_ids', 'a.name as assignee_name', ctx.trx.raw('r.ticket_id = ? as first', [id]))
  return shown.parse(found).map((row) => ({
    id: row.id,
    role: roleOf(row.kind, row.first),
    ticket: seesTicket(reach, row) ? presentOther(row) : null,
  }))
}

const presentOther = (row: z.infer<typeof shown>[number]): TicketRelation['ticket'] => ({
  id: row.other_id,
  number: row.number,
  title: row.title,
  status: row.status,
  priority: row.priority,
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
})

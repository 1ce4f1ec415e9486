/** Changing what a ticket says (BP-006): by hand with the writer's version, or as a part of something else on a locked row. */
import type { TicketChange, TicketPatch } from '../../contract/ticket.ts'
import { z } from 'zod'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { followTeam } from './assigning/ledger.ts'
import { checkTeam } from './create.ts'
import { checkForm, refuseMissing } from './form.ts'
import { recordTicketEvent } from './history.ts'
import { TicketEventRow, type TicketRow, TicketTypeRow } from './model.ts'
import { customerOf } from './open-ticket.ts'
import { ticketFor } from './policy.ts'
import { saveTicket, type TicketColumns } from './save.ts'
import { keepClocks } from './sla/keep-clocks.ts'
import { tidyTags } from './tags.ts'
import { checkType } from './types/ticket-type.ts'

type Named = Record<string, unknown>

/** Both sides of what differs, as the history shows it, and the columns to write. */
interface Difference {
  before: Named
  after: Named
  columns: TicketColumns
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function plainDifferences(row: TicketRow, change: TicketChange): Difference {
  const difference: Difference = { before: {}, after: {}, columns: {} }
  const put = (name: 'title' | 'description' | 'priority' | 'tags', value: string | string[] | undefined, column: TicketColumns) => {
    if (value === undefined || same(row[name], value)) return
    difference.before[name] = row[name]
    difference.after[name] = value
    Object.assign(difference.columns, column)
  }
  const title = change.title?.trim()
  const tags = change.tags === undefined ? undefined : tidyTags(change.tags)
  put('title', title, title === undefined ? {} : { title })
  put('description', change.description, change.description === undefined ? {} : { description: change.description })
  put('priority', change.priority, change.priority === undefined ? {} : { priority: change.priority })
  put('tags', tags, tags === undefined ? {} : { tags })
  return difference
}

/** Type and form together: what the new type asks for in this state must be there. */
async function formDifferences(ctx: Ctx, row: TicketRow, change: TicketChange, difference: Difference): Promise<void> {
  if (change.typeId === undefined && change.fields === undefined) return
  const type = await checkType(ctx, change.typeId ?? row.type_id, row.type_id)
  const fields = await checkForm(ctx, type.fields, { typed: change.fields ?? {}, stored: row.fields })
  if (type.id !== row.type_id || change.fields !== undefined) refuseMissing(type.fields, fields, row.status)
  if (type.id !== row.type_id) {
    const old = await TicketTypeRow.query(ctx.trx).findById(row.type_id).throwIfNotFound()
    difference.before.type = { id: old.id, nameZh: old.name_zh, nameEn: old.name_en }
    difference.after.type = { id: type.id, nameZh: type.name_zh, nameEn: type.name_en }
    difference.columns.type_id = type.id
  }
  const keys = [...new Set([...Object.keys(row.fields), ...Object.keys(fields)])].filter((key) => !same(row.fields[key], fields[key]))
  if (keys.length === 0) return
  difference.before.fields = Object.fromEntries(keys.map((key) => [key, row.fields[key] ?? null]))
  difference.after.fields = Object.fromEntries(keys.map((key) => [key, fields[key] ?? null]))
  difference.columns.fields = fields
}

const named = z.object({ id: z.string(), name: z.string().nullable() })
const nameIn = async (ctx: Ctx, table: 'teams' | 'customers', id: string | null): Promise<z.infer<typeof named> | null> =>
  id === null ? null : (named.optional().parse(await ctx.trx(table).where({ id }).first('id', 'name')) ?? null)

async function placeDifferences(ctx: Ctx, row: TicketRow, change: TicketChange, difference: Difference): Promise<void> {
  if (change.teamId !== undefined && change.teamId !== row.team_id) {
    await checkTeam(ctx, change.teamId)
    difference.before.team = await nameIn(ctx, 'teams', row.team_id)
    difference.after.team = await nameIn(ctx, 'teams', change.teamId)
    difference.columns.team_id = change.teamId
  }
  if (change.customerId === undefined || change.customerId === row.customer_id) return
  if (row.conversation_id !== null)
    throw new Conflict('different_customers', 'the customer is that of its conversation', { conversationId: row.conversation_id })
  if (change.customerId !== null && ctx.actor.kind === 'staff') await customerOf({ ...ctx, actor: ctx.actor }, change.customerId)
  // Ids alone: who he is stands in his own row, where it can be erased.
  difference.before.customerId = row.customer_id
  difference.after.customerId = change.customerId
  difference.columns.customer_id = change.customerId
}

const CLOCKED: readonly (keyof TicketColumns)[] = ['priority', 'type_id', 'team_id', 'customer_id']

/**
 * Changes a locked row that the caller may edit. What is the same already is no change. History, clocks, the pool of its team and `ticket.changed` included.
 * @throws Invalid as `createTicket`; Conflict `different_customers`; NotFound for a customer outside the scope
 */
export async function changeTicket(ctx: Ctx, row: TicketRow, change: TicketChange): Promise<TicketRow> {
  const difference = plainDifferences(row, change)
  await formDifferences(ctx, row, change, difference)
  await placeDifferences(ctx, row, change, difference)
  const names = Object.keys(difference.after)
  if (names.length === 0) return row
  const { columns } = difference
  const saved = await saveTicket(ctx, row, columns)
  await recordTicketEvent(ctx, saved, { kind: 'changed', before: difference.before, after: difference.after })
  if (columns.team_id !== undefined && saved.status === 'unassigned') await followTeam(ctx, saved)
  if (CLOCKED.some((column) => columns[column] !== undefined)) await keepClocks(ctx, [saved.id], 'changed')
  ctx.emit({ name: 'ticket.changed', subjectId: saved.id, payload: { fields: names } })
  return saved
}

/** As in the history: what a patch calls `typeId` is a change of `type`. */
const NAMES: Partial<Record<keyof TicketPatch, string>> = { typeId: 'type', teamId: 'team' }

/**
 * By hand. Somebody else's change since the writer looked is a conflict only where both change the same thing; of the form, the same field.
 * @throws Conflict `version_conflict` with both sides; as `ticketFor`, `changeTicket`
 */
export async function updateTicket(ctx: Ctx<StaffActor>, id: string, { version, ...change }: TicketPatch): Promise<TicketRow> {
  const row = await ticketFor(ctx, id, 'edit')
  await refuseConflicts(ctx, row, { change, version })
  return changeTicket(ctx, row, change)
}

async function refuseConflicts(ctx: Ctx, row: TicketRow, { change, version }: { change: TicketChange; version: number }): Promise<void> {
  if (row.version === version) return
  if (version > row.version) throw new Conflict('version_conflict', 'this version does not exist yet', { version: row.version })
  const since = await TicketEventRow.query(ctx.trx)
    .where({ ticket_id: row.id })
    .where('version', '>', version)
    .whereNotNull('after')
    .orderBy('id', 'desc')
    .limit(200)
  const conflicts = conflictsOf(change, since)
  const [last] = since.filter((event) => conflicts.some(({ field }) => touches(event, field)))
  if (conflicts.length === 0) return
  const by = last?.actor_kind === 'staff' && last.actor_id !== null ? await staffName(ctx, last.actor_id) : null
  throw new Conflict('version_conflict', 'somebody else changed the same meanwhile', {
    version: row.version,
    conflicts,
    by,
    at: last?.created_at.toISOString() ?? null,
  })
}

const staffName = async (ctx: Ctx, id: string) =>
  named.optional().parse(await ctx.trx('accounts').where({ id }).first('id', 'name')) ?? null

const record = z.record(z.string(), z.unknown())
const partOf = (value: unknown, key: string): unknown => record.safeParse(value).data?.[key]
const touches = (event: TicketEventRow, field: string): boolean => theirsIn(event, field) !== undefined
const theirsIn = ({ after }: TicketEventRow, field: string): unknown => {
  const key = field.startsWith('fields.') ? field.slice('fields.'.length) : null
  return key === null ? after?.[field] : partOf(after?.fields, key)
}
/** What the writer names by id, the history names with its words. */
const idOf = (value: unknown): unknown => {
  const id = partOf(value, 'id')
  return id === undefined ? value : id
}

/** Pure. `since`: newest first. What both made the same is no conflict. */
export function conflictsOf(change: TicketChange, since: readonly TicketEventRow[]): { field: string; theirs: unknown; yours: unknown }[] {
  const { fields = {}, ...rest } = change
  const mine = [
    ...Object.entries(rest).map(([name, value]) => ({ field: renamed(name), value: value })),
    ...Object.entries(fields).map(([key, value]) => ({ field: `fields.${key}`, value: value })),
  ]
  return mine.flatMap(({ field, value }) => {
    const event = since.find((one) => touches(one, field))
    if (!event || value === undefined) return []
    const theirs = theirsIn(event, field)
    return same(idOf(theirs), value) ? [] : [{ field, theirs, yours: value }]
  })
}

const names = new Map<string, string>(Object.entries(NAMES))
const renamed = (name: string): string => names.get(name) ?? name

/** Types of tickets and their forms, as administrators keep them (BP-005.3). */
import { z } from 'zod'
import type { FormField, TicketType, TicketTypeCreate, TicketTypePatch } from '../../../contract/ticket-type.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { checkEntry } from '../../settings/index.ts'
import { checkTeam } from '../create.ts'
import { TicketTypeRow } from '../model.ts'
import { presentTypes } from './list-types.ts'

const MAX_TYPES = 200

/** Positions and names are judged together: writers of types take turns. */
const takeTurns = (ctx: Ctx) => ctx.trx.raw('lock table ticket_types in share row exclusive mode')

const factsOf = (row: TicketTypeRow) => ({
  nameZh: row.name_zh,
  nameEn: row.name_en,
  description: row.description,
  color: row.color,
  businessTypeId: row.business_type_id,
  teamId: row.team_id,
  priority: row.priority,
  fields: row.fields,
  openToCustomers: row.open_to_customers,
  disabled: row.disabled_at !== null,
})

async function refuseNames(ctx: Ctx, { nameZh, nameEn }: { nameZh: string; nameEn: string }, self: string | null): Promise<void> {
  const taken = await TicketTypeRow.query(ctx.trx)
    .where((any) => any.where('name_zh', nameZh).orWhere('name_en', nameEn))
    .modify((builder) => void (self !== null && builder.whereNot({ id: self })))
    .first()
  if (taken) throw new Conflict('name_taken', 'another type is called like this', { id: taken.id })
}

/** @throws Conflict `name_taken`, `limit_reached`; Invalid `entry_unknown`, `entry_disabled`, `invalid_request` */
export async function createType(ctx: Ctx, input: TicketTypeCreate): Promise<TicketType> {
  await takeTurns(ctx)
  const there = await TicketTypeRow.query(ctx.trx).select('position').orderBy('position', 'desc')
  if (there.length >= MAX_TYPES) throw new Conflict('limit_reached', 'too many types', { max: MAX_TYPES })
  await refuseNames(ctx, input, null)
  if (input.businessTypeId !== null) await checkEntry(ctx, 'business_type', input.businessTypeId)
  await checkTeam(ctx, input.teamId)
  const row = await TicketTypeRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    name_zh: input.nameZh,
    name_en: input.nameEn,
    description: input.description,
    color: input.color,
    business_type_id: input.businessTypeId,
    team_id: input.teamId,
    priority: input.priority,
    fields: input.fields,
    open_to_customers: input.openToCustomers,
    position: (there[0]?.position ?? 0) + 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await record(ctx, { action: 'ticket_type.created', object: { kind: 'ticket_type', id: row.id, label: row.name_zh }, after: factsOf(row) })
  return presentOne(ctx, row)
}

async function typeFor(ctx: Ctx, id: string, version: number): Promise<TicketTypeRow> {
  const row = await TicketTypeRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('ticket_type')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this type', { version: row.version })
  return row
}

async function presentOne(ctx: Ctx, row: TicketTypeRow): Promise<TicketType> {
  const [type] = await presentTypes(ctx, [row])
  if (!type) throw new NotFound('ticket_type')
  return type
}

/** @throws Conflict `version_conflict`, `name_taken`, `ticket_field_in_use`; Invalid as `createType`; NotFound */
export async function changeType(ctx: Ctx, id: string, patch: TicketTypePatch): Promise<TicketType> {
  await takeTurns(ctx)
  const row = await typeFor(ctx, id, patch.version)
  const before = factsOf(row)
  await refuseNames(ctx, { nameZh: patch.nameZh ?? row.name_zh, nameEn: patch.nameEn ?? row.name_en }, id)
  if (patch.businessTypeId) await checkEntry(ctx, 'business_type', patch.businessTypeId, row.business_type_id)
  if (patch.teamId && patch.teamId !== row.team_id) await checkTeam(ctx, patch.teamId)
  if (patch.fields) await refuseLosses(ctx, row, patch.fields)
  if (patch.disabled === true) await refuseLast(ctx, id)
  const saved = await row.$query(ctx.trx).patchAndFetch({ ...columnsOf(ctx, row, patch), version: row.version + 1, updated_at: ctx.now })
  const changes = changesOf(before, factsOf(saved))
  if (changes) await record(ctx, { action: 'ticket_type.changed', object: { kind: 'ticket_type', id, label: saved.name_zh }, ...changes })
  return presentOne(ctx, saved)
}

function columnsOf(ctx: Ctx, row: TicketTypeRow, patch: TicketTypePatch) {
  return {
    name_zh: patch.nameZh ?? row.name_zh,
    name_en: patch.nameEn ?? row.name_en,
    description: patch.description ?? row.description,
    color: patch.color === undefined ? row.color : patch.color,
    business_type_id: patch.businessTypeId === undefined ? row.business_type_id : patch.businessTypeId,
    team_id: patch.teamId === undefined ? row.team_id : patch.teamId,
    priority: patch.priority ?? row.priority,
    fields: patch.fields ?? row.fields,
    open_to_customers: patch.openToCustomers ?? row.open_to_customers,
    ...(patch.disabled === undefined ? {} : { disabled_at: patch.disabled ? (row.disabled_at ?? ctx.now) : null }),
  }
}

/** One must be left that a ticket can be of. */
async function refuseLast(ctx: Ctx, id: string): Promise<void> {
  const other = await TicketTypeRow.query(ctx.trx).whereNull('disabled_at').whereNot({ id }).first()
  if (!other) throw new Conflict('ticket_type_in_use', 'the last type cannot be disabled', { reason: 'last' })
}

/** A field may go, which keeps its values where they are; with values, it does not become something else under its key. */
async function refuseLosses(ctx: Ctx, row: TicketTypeRow, fields: readonly FormField[]): Promise<void> {
  const changed = row.fields.filter((old) =>
    fields.some((field) => field.key === old.key && (field.type !== old.type || field.dictionary !== old.dictionary)),
  )
  if (changed.length === 0) return
  const used: unknown[] = await ctx
    .trx('tickets')
    .where({ type_id: row.id })
    .whereRaw('jsonb_exists_any(fields, ?::text[])', [changed.map(({ key }) => key)])
    .limit(1)
    .pluck('id')
  if (used.length > 0)
    throw new Conflict('ticket_field_in_use', 'tickets have values in these fields', { fields: changed.map(({ key }) => key) })
}

/** Only one that no ticket and no template was ever of. @throws Conflict `ticket_type_in_use`, `version_conflict` */
export async function removeType(ctx: Ctx, id: string, version: number): Promise<void> {
  await takeTurns(ctx)
  const row = await typeFor(ctx, id, version)
  await refuseLast(ctx, id)
  const uses = z
    .object({ rows: z.array(z.object({ used: z.boolean() })) })
    .parse(
      await ctx.trx.raw(
        `select exists (select 1 from tickets where type_id = :id) or exists (select 1 from ticket_templates where type_id = :id) as used`,
        { id },
      ),
    )
  if (uses.rows[0]?.used) throw new Conflict('ticket_type_in_use', 'tickets or templates are of this type', { reason: 'used' })
  await TicketTypeRow.query(ctx.trx).deleteById(id)
  await record(ctx, { action: 'ticket_type.removed', object: { kind: 'ticket_type', id, label: row.name_zh }, before: factsOf(row) })
}

/** @throws Invalid unless each type is named once */
export async function orderTypes(ctx: Ctx, ids: readonly string[]): Promise<void> {
  await takeTurns(ctx)
  const there = await TicketTypeRow.query(ctx.trx).select('id')
  const known = new Set(there.map((row) => row.id))
  if (new Set(ids).size !== ids.length || ids.length !== known.size || ids.some((id) => !known.has(id)))
    throw new Invalid('invalid_request', 'name every type once', { issues: [{ path: 'ids', code: 'incomplete', message: 'incomplete' }] })
  await ctx.trx.raw(
    `update ticket_types set position = t.place from unnest(?::uuid[]) with ordinality as t(id, place) where ticket_types.id = t.id`,
    [[...ids]],
  )
  await record(ctx, { action: 'ticket_type.ordered', object: { kind: 'ticket_type' }, after: { ids } })
}

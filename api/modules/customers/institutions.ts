/** Organisations that customers belong to (MOD-04): one name each, in a tree. */
import type { Knex } from 'knex'
import { UniqueViolationError } from 'objection'
import { z } from 'zod'
import type { InstitutionCreate, InstitutionPatch } from '../../contract/institution.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkEntry, checkFields } from '../settings/index.ts'
import { CustomerRow, InstitutionRow } from './model.ts'
import { checkVersion, unknownReference } from './policy.ts'
import { checkInstitution } from './references.ts'
import { indexedNames } from './search-index.ts'
import { tidy } from './shown-name.ts'

export async function institutionFor(ctx: Ctx, id: string, action: 'view' | 'change' = 'view'): Promise<InstitutionRow> {
  const row = await InstitutionRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action === 'change' && builder.forUpdate()))
  if (!row) throw new NotFound('institution')
  return row
}

const names = (trx: Knex, name: string) => {
  const { name_search, name_sort } = indexedNames(trx, name, [name])
  return { name, name_search, name_sort: name_sort ?? '~' }
}

/** @throws Conflict `name_taken`; Invalid for what it refers to and its custom fields */
export async function createInstitution(ctx: Ctx, input: InstitutionCreate): Promise<InstitutionRow> {
  await checkPlace(ctx, input)
  const row = await unlessTaken(
    InstitutionRow.query(ctx.trx).insertAndFetch({
      id: newId(),
      ...names(ctx.trx, input.name),
      type_id: input.typeId ?? null,
      region_id: input.regionId ?? null,
      parent_id: input.parentId ?? null,
      address: tidy(input.address ?? null),
      note: tidy(input.note ?? null),
      fields: await checkFields(ctx, 'institution_field', input.fields ?? {}),
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  await record(ctx, { action: 'institution.created', object: objectOf(row), after: factsOf(row) })
  return row
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken`, `institution_cycle`; Invalid as above */
export async function updateInstitution(ctx: Ctx<StaffActor>, id: string, patch: InstitutionPatch): Promise<InstitutionRow> {
  if (patch.parentId) await lockTree(ctx)
  const row = await institutionFor(ctx, id, 'change')
  checkVersion(row, patch.version)
  await checkPlace(ctx, patch, row)
  if (patch.parentId) await refuseCycle(ctx, id, patch.parentId)
  if (patch.primaryContactId && patch.primaryContactId !== row.primary_contact_id) await checkContact(ctx, id, patch.primaryContactId)
  const before = factsOf(row)
  const changed = await unlessTaken(
    row.$query(ctx.trx).patchAndFetch({
      ...(await columnsOf(ctx, row, patch)),
      version: row.version + 1,
      updated_at: ctx.now,
    }),
  )
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'institution.changed', object: objectOf(row), ...changes })
  ctx.emit({ name: 'institution.changed', subjectId: id })
  return changed
}

async function columnsOf(ctx: Ctx, row: InstitutionRow, patch: InstitutionPatch) {
  const kept = (given: string | null | undefined, stored: string | null) => (given === undefined ? stored : given)
  return {
    ...(patch.name === undefined || patch.name === row.name ? {} : names(ctx.trx, patch.name)),
    type_id: kept(patch.typeId, row.type_id),
    region_id: kept(patch.regionId, row.region_id),
    parent_id: kept(patch.parentId, row.parent_id),
    primary_contact_id: kept(patch.primaryContactId, row.primary_contact_id),
    address: tidy(kept(patch.address, row.address)),
    note: tidy(kept(patch.note, row.note)),
    fields: patch.fields === undefined ? row.fields : await checkFields(ctx, 'institution_field', patch.fields, row.fields),
  }
}

/**
 * Archived, it can be chosen no more; its people and its past stay as they are.
 * @throws NotFound; Conflict `version_conflict`, `institution_in_use` with `{ contacts, children }`, and `name_taken` when its name went to another
 */
export async function archiveInstitution(ctx: Ctx<StaffActor>, id: string, version: number): Promise<InstitutionRow> {
  const row = await institutionFor(ctx, id, 'change')
  if (row.archived_at !== null) return row
  checkVersion(row, version)
  const contacts = await CustomerRow.query(ctx.trx)
    .where({ institution_id: id })
    .whereNull('archived_at')
    .whereNull('merged_into_id')
    .resultSize()
  const children = await InstitutionRow.query(ctx.trx).where({ parent_id: id }).whereNull('archived_at').resultSize()
  if (contacts + children > 0) throw new Conflict('institution_in_use', 'people or institutions belong to it', { contacts, children })
  return setArchived(ctx, row, ctx.now)
}

export async function restoreInstitution(ctx: Ctx<StaffActor>, id: string, version: number): Promise<InstitutionRow> {
  const row = await institutionFor(ctx, id, 'change')
  if (row.archived_at === null) return row
  checkVersion(row, version)
  return unlessTaken(setArchived(ctx, row, null))
}

async function setArchived(ctx: Ctx<StaffActor>, row: InstitutionRow, at: Date | null): Promise<InstitutionRow> {
  const changed = await row.$query(ctx.trx).patchAndFetch({ archived_at: at, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, { action: at ? 'institution.archived' : 'institution.restored', object: objectOf(row) })
  return changed
}

async function checkPlace(
  ctx: Ctx,
  wanted: Pick<InstitutionPatch, 'typeId' | 'regionId' | 'parentId'>,
  stored?: InstitutionRow,
): Promise<void> {
  const { typeId, regionId, parentId } = wanted
  if (typeId && typeId !== stored?.type_id) await checkEntry(ctx, 'institution_type', typeId)
  if (regionId && regionId !== stored?.region_id) await checkEntry(ctx, 'region', regionId)
  if (parentId && parentId !== stored?.parent_id) await checkInstitution(ctx, parentId, 'parentId')
}

async function checkContact(ctx: Ctx, id: string, customerId: string): Promise<void> {
  const person = await CustomerRow.query(ctx.trx).findOne({ id: customerId, institution_id: id }).whereNull('merged_into_id').select('id')
  if (!person) throw unknownReference('primaryContactId')
}

/** Two moves at once could each be sound and close a circle together. */
const lockTree = (ctx: Ctx) => ctx.trx.raw(`select pg_advisory_xact_lock(hashtext('institutions'))`)

const cycle = z.object({ rows: z.array(z.object({ id: z.string() })) })

async function refuseCycle(ctx: Ctx, id: string, parentId: string): Promise<void> {
  const { rows } = cycle.parse(
    await ctx.trx.raw(
      `with recursive above as (
         select id, parent_id from institutions where id = ?
         union select i.id, i.parent_id from institutions i join above a on i.id = a.parent_id
       ) select id from above where id = ?`,
      [parentId, id],
    ),
  )
  if (rows.length > 0) throw new Conflict('institution_cycle', 'an institution cannot stand below itself')
}

async function unlessTaken<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'an institution has this name already')
    throw error
  }
}

const objectOf = (row: InstitutionRow) => ({ kind: 'institution', id: row.id, label: row.name })
const factsOf = (row: InstitutionRow) => ({
  name: row.name,
  typeId: row.type_id,
  regionId: row.region_id,
  parentId: row.parent_id,
  primaryContactId: row.primary_contact_id,
  address: row.address,
  fields: row.fields,
})

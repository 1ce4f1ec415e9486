import type { SegmentCreate, SegmentPatch } from '../../contract/segment.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { checkVersion } from '../customers/index.ts'
import { checkDefinition } from './compile.ts'
import { SegmentRow } from './model.ts'

/** More would be a list that nobody reads. */
const MAX_SEGMENTS = 500

export async function segmentFor(ctx: Ctx, id: string): Promise<SegmentRow> {
  const row = await SegmentRow.query(ctx.trx).findById(id)
  if (!row) throw new NotFound('segment')
  return row
}

const factsOf = ({ name, description, definition }: Pick<SegmentRow, 'name' | 'description' | 'definition'>) => ({
  name,
  description,
  definition: JSON.stringify(definition),
})
const lineOf = (action: string, row: SegmentRow) => ({ action, object: { kind: 'segment', id: row.id, label: row.name } })

/** MOD-06. @throws Invalid `segment_invalid`; Conflict `name_taken`, `limit_reached` */
export async function createSegment(ctx: Ctx<StaffActor>, input: SegmentCreate): Promise<SegmentRow> {
  await checkDefinition(ctx, input.definition)
  if ((await SegmentRow.query(ctx.trx).resultSize()) >= MAX_SEGMENTS)
    throw new Conflict('limit_reached', 'too many segments', { limit: MAX_SEGMENTS })
  await refuseTaken(ctx, input.name, null)
  const row = await SegmentRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    ...input,
    created_by: ctx.actor.accountId,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await record(ctx, { ...lineOf('segment.created', row), after: factsOf(row) })
  return row
}

/** @throws NotFound; Invalid `segment_invalid`; Conflict `version_conflict`, `name_taken` */
export async function updateSegment(ctx: Ctx<StaffActor>, id: string, { version, ...patch }: SegmentPatch): Promise<SegmentRow> {
  const row = await lockSegment(ctx, id, version)
  if (patch.definition) await checkDefinition(ctx, patch.definition)
  if (patch.name !== undefined) await refuseTaken(ctx, patch.name, id)
  const given = {
    name: patch.name ?? row.name,
    description: patch.description ?? row.description,
    definition: patch.definition ?? row.definition,
  }
  const changes = changesOf(factsOf(row), factsOf(given))
  if (!changes) return row
  const changed = await row.$query(ctx.trx).patchAndFetch({ ...given, version: row.version + 1, updated_at: ctx.now })
  await record(ctx, { ...lineOf('segment.changed', changed), ...changes })
  return changed
}

/** @throws NotFound; Conflict `version_conflict` */
export async function removeSegment(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await lockSegment(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, { ...lineOf('segment.removed', row), before: factsOf(row) })
}

async function lockSegment(ctx: Ctx, id: string, version: number): Promise<SegmentRow> {
  const row = await SegmentRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('segment')
  checkVersion(row, version)
  return row
}

/** Two at once are told apart by the lock; the unique index stands behind it. */
async function refuseTaken(ctx: Ctx, name: string, own: string | null): Promise<void> {
  await ctx.trx.raw(`select pg_advisory_xact_lock(hashtextextended('segments.name', 0))`)
  const taken = await SegmentRow.query(ctx.trx)
    .whereRaw('lower(name) = lower(?)', [name])
    .modify((builder) => void (own !== null && builder.whereNot('id', own)))
    .first()
  if (taken) throw new Conflict('name_taken', 'a segment has this name already', { name })
}

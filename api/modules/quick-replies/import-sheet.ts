/** Replies from a spreadsheet: looked at first, applied whole (BP-016.4). The file comes twice; nothing is kept in between. */
import { UniqueViolationError } from 'objection'
import type { SheetImport, SheetPreview } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { MAX_CATEGORIES } from './categories.ts'
import { spokenTitle } from './match.ts'
import { CategoryRow, ReplyRow } from './model.ts'
import { shelfFor, type Shelf } from './policy.ts'
import { readSheet, type SheetReply } from './read-sheet.ts'
import { MAX_REPLIES } from './write-replies.ts'
import { rememberVersions } from './versions.ts'

type Action = SheetPreview['rows'][number]['action']
interface Planned {
  sheet: SheetReply
  action: Action
  /** Whose code it has. */
  existing: ReplyRow | null
}
interface Plan {
  rows: Planned[]
  errors: SheetPreview['errors']
  unknownColumns: string[]
  /** By path, the root first. */
  newCategories: Map<string, { id: string; parentId: string | null; name: string }>
  /** By path, those that are there already too. */
  categoryIds: Map<string, string>
}

const keyOf = (names: readonly string[]): string => JSON.stringify(names)

async function planImport(ctx: Ctx, shelf: Shelf, data: Uint8Array, taken: SheetImport['taken']): Promise<Plan> {
  const { rows, errors, unknownColumns } = await readSheet(data)
  const codes = rows.flatMap(({ code }) => code?.toLowerCase() ?? [])
  const holders = await ReplyRow.query(ctx.trx).where({ holder: shelf.holder }).whereRaw('lower(code) = any(?::text[])', [codes])
  const byCode = new Map(holders.map((row) => [row.code?.toLowerCase() ?? '', row]))
  const bad = new Set(errors.map(({ row }) => row))
  const planned = rows.map((sheet): Planned => {
    const existing = byCode.get(sheet.code?.toLowerCase() ?? '') ?? null
    if (existing && taken === 'refuse')
      errors.push({ row: sheet.row, column: 'code', fault: 'code_taken', params: { title: existing.title } })
    if (bad.has(sheet.row) || (existing && taken === 'refuse')) return { sheet, action: 'refused', existing }
    return { sheet, action: existing ? (taken === 'skip' ? 'skip' : 'update') : 'create', existing }
  })
  return { rows: planned, errors: errors.sort((a, b) => a.row - b.row), unknownColumns, ...(await planCategories(ctx, shelf, planned)) }
}

async function planCategories(
  ctx: Ctx,
  { holder }: Shelf,
  planned: readonly Planned[],
): Promise<Pick<Plan, 'newCategories' | 'categoryIds'>> {
  const rows = await CategoryRow.query(ctx.trx).where({ holder })
  const byId = new Map(rows.map((row) => [row.id, row]))
  const pathOf = (row: CategoryRow): string[] => {
    const parent = byId.get(row.parent_id ?? '')
    return parent ? [...pathOf(parent), row.name] : [row.name]
  }
  const categoryIds = new Map(rows.map((row) => [keyOf(pathOf(row)), row.id]))
  const newCategories: Plan['newCategories'] = new Map()
  for (const { sheet, action } of planned) {
    if (action !== 'create' && action !== 'update') continue
    sheet.category.forEach((name, index) => {
      const key = keyOf(sheet.category.slice(0, index + 1))
      if (categoryIds.has(key)) return
      const made = { id: newId(), parentId: categoryIds.get(keyOf(sheet.category.slice(0, index))) ?? null, name }
      newCategories.set(key, made)
      categoryIds.set(key, made.id)
    })
  }
  return { newCategories, categoryIds }
}

const countOf = (rows: readonly Planned[], action: Action): number => rows.filter((row) => row.action === action).length
const countsOf = ({ rows, newCategories }: Plan) => ({
  create: countOf(rows, 'create'),
  update: countOf(rows, 'update'),
  skip: countOf(rows, 'skip'),
  refused: countOf(rows, 'refused'),
  categories: newCategories.size,
})

/** @throws NotFound, Forbidden; Invalid as `readSheet` */
export async function previewImport(ctx: Ctx<StaffActor>, request: SheetImport, data: Uint8Array): Promise<SheetPreview> {
  const plan = await planImport(ctx, await shelfFor(ctx, request, 'judge'), data, request.taken)
  return {
    rows: plan.rows.map(({ sheet, action }) => ({
      row: sheet.row,
      action,
      category: sheet.category,
      code: sheet.code,
      title: sheet.title,
      text: sheet.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n'),
    })),
    errors: plan.errors,
    unknownColumns: plan.unknownColumns,
    counts: countsOf(plan),
  }
}

/** @throws as `previewImport`; Conflict `import_has_errors`, `limit_reached`, `code_taken` */
export async function applyImport(ctx: Ctx<StaffActor>, request: SheetImport, data: Uint8Array) {
  const shelf = await shelfFor(ctx, request, 'change')
  const plan = await planImport(ctx, shelf, data, request.taken)
  const counts = countsOf(plan)
  if (plan.errors.length > 0 && request.leaveBad === 'false')
    throw new Conflict('import_has_errors', 'some rows have errors', { refused: counts.refused })
  await checkRoom(ctx, shelf, counts)
  await insertCategories(ctx, shelf, plan)
  const created = await insertReplies(ctx, shelf, plan)
  const updated = await updateReplies(ctx, plan)
  await rememberVersions(ctx, [...created, ...updated], 'imported')
  const result = { created: created.length, updated: updated.length, skipped: counts.skip + counts.refused, categories: counts.categories }
  if (shelf.scope !== 'personal')
    await record(ctx, {
      action: 'quick_replies.imported',
      object: { kind: 'quick_replies', id: shelf.team_id },
      context: { scope: shelf.scope, ...result },
    })
  return result
}

async function checkRoom(ctx: Ctx, { holder }: Shelf, counts: SheetPreview['counts']): Promise<void> {
  const replies = await ReplyRow.query(ctx.trx).where({ holder }).resultSize()
  const categories = await CategoryRow.query(ctx.trx).where({ holder }).resultSize()
  if (replies + counts.create > MAX_REPLIES) throw new Conflict('limit_reached', 'too many replies', { max: MAX_REPLIES })
  if (categories + counts.categories > MAX_CATEGORIES) throw new Conflict('limit_reached', 'too many categories', { max: MAX_CATEGORIES })
}

async function insertCategories(ctx: Ctx, { scope, team_id, owner_id, holder }: Shelf, { newCategories }: Plan): Promise<void> {
  if (newCategories.size === 0) return
  const last = await CategoryRow.query(ctx.trx).where({ holder }).orderBy('position', 'desc').first().select('position')
  const from = (last?.position ?? 0) + 1
  const rows = [...newCategories.values()].map(({ id, parentId, name }, index) => ({
    id,
    scope,
    team_id,
    owner_id,
    parent_id: parentId,
    name,
    position: from + index,
  }))
  await ctx.trx('quick_reply_categories').insert(rows)
}

const categoryOf = ({ categoryIds }: Plan, { category }: SheetReply): string | null => categoryIds.get(keyOf(category)) ?? null

/** A sheet carries no files, so nothing has to be kept. */
const partsOf = ({ parts }: SheetReply): ReplyRow['parts'] => parts.flatMap((part) => ('attachmentId' in part ? [] : [part]))

async function insertReplies(ctx: Ctx<StaffActor>, { scope, team_id, owner_id, holder }: Shelf, plan: Plan): Promise<ReplyRow[]> {
  const rows = plan.rows.filter(({ action }) => action === 'create')
  if (rows.length === 0) return []
  const last = await ReplyRow.query(ctx.trx).where({ holder }).orderBy('position', 'desc').first().select('position')
  const from = (last?.position ?? 0) + 1
  try {
    return await ReplyRow.query(ctx.trx)
      .insert(
        rows.map(({ sheet }, index) => ({
          id: newId(),
          scope,
          team_id,
          owner_id,
          category_id: categoryOf(plan, sheet),
          code: sheet.code,
          title: sheet.title,
          parts: partsOf(sheet),
          variables: sheet.variables,
          disabled: sheet.disabled,
          spoken: spokenTitle(sheet.title),
          position: from + index,
          created_by: ctx.actor.accountId,
          updated_by: ctx.actor.accountId,
          created_at: ctx.now,
          updated_at: ctx.now,
        })),
      )
      .returning('*')
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('code_taken', 'a code was taken meanwhile')
    throw error
  }
}

/** Texts and the first link are the sheet's; files, and links that it cannot show, stay. */
function mergedParts({ sheet, existing }: Planned): ReplyRow['parts'] {
  const stay = (existing?.parts ?? []).filter(
    (part, index, all) => 'media' in part || (part.type === 'link' && all.findIndex(({ type }) => type === 'link') !== index),
  )
  return [...partsOf(sheet), ...stay]
}

async function updateReplies(ctx: Ctx<StaffActor>, plan: Plan): Promise<ReplyRow[]> {
  const rows = plan.rows
    .filter(({ action }) => action === 'update')
    .map((row) => ({
      id: row.existing?.id,
      category_id: categoryOf(plan, row.sheet),
      title: row.sheet.title,
      parts: mergedParts(row),
      variables: row.sheet.variables,
      disabled: row.sheet.disabled,
      spoken: spokenTitle(row.sheet.title),
    }))
  if (rows.length === 0) return []
  await ctx.trx.raw(
    `update quick_replies r set category_id = t.category_id, title = t.title, parts = t.parts, variables = t.variables, disabled = t.disabled,
       spoken = t.spoken, version = r.version + 1, updated_by = :actor, updated_at = :now
     from json_to_recordset(:rows::json) as t(id uuid, category_id uuid, title text, parts jsonb, variables jsonb, disabled boolean, spoken text[])
     where r.id = t.id`,
    { actor: ctx.actor.accountId, now: ctx.now, rows: JSON.stringify(rows) },
  )
  return ReplyRow.query(ctx.trx).whereIn(
    'id',
    rows.flatMap(({ id }) => id ?? []),
  )
}

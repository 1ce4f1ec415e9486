/** Making, changing, deleting and restoring replies (BP-016.1, BP-016.2, BP-016.4, BP-016.6). */
import type { QuickReplyCreate, QuickReplyPatch, QuickReplyVersion } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { onceOnly } from './database-errors.ts'
import { spokenTitle } from './match.ts'
import { CategoryRow, ReplyRow } from './model.ts'
import { nameFiles, releaseFiles, storedParts } from './parts.ts'
import { replyFor, shelfFor, type Shelf } from './policy.ts'
import { presentReply } from './present.ts'
import { rememberVersions, sameContent, versionFor } from './versions.ts'

/** On one shelf; more would be a list that nobody reads, and every process keeps an index of it. */
export const MAX_REPLIES = 5000

/** @throws NotFound, Forbidden; Conflict `code_taken`, `limit_reached`; Invalid `variable_unknown` */
export async function createReply(ctx: Ctx<StaffActor>, input: QuickReplyCreate): Promise<ReplyRow> {
  const shelf = await shelfFor(ctx, input, 'change')
  await checkCategory(ctx, shelf, input.categoryId)
  if ((await ReplyRow.query(ctx.trx).where({ holder: shelf.holder }).resultSize()) >= MAX_REPLIES)
    throw new Conflict('limit_reached', 'too many replies', { max: MAX_REPLIES })
  const id = newId()
  const title = input.title.trim()
  const row = await insertReply(ctx, shelf, {
    id,
    category_id: input.categoryId,
    code: input.code,
    title,
    parts: await storedParts(ctx, id, input.parts, input.variables),
    variables: input.variables,
  })
  await nameFiles(ctx, id, row.parts)
  await rememberVersions(ctx, [row], 'created')
  if (row.scope !== 'personal') await record(ctx, { action: 'quick_reply.created', object: objectOf(row), after: factsOf(row) })
  return row
}

const insertReply = (
  ctx: Ctx<StaffActor>,
  { scope, team_id, owner_id, holder }: Shelf,
  content: Pick<ReplyRow, 'id' | 'category_id' | 'code' | 'title' | 'parts' | 'variables'>,
): Promise<ReplyRow> =>
  onceOnly(() =>
    ReplyRow.query(ctx.trx).insertAndFetch({
      ...content,
      scope,
      team_id,
      owner_id,
      spoken: spokenTitle(content.title),
      position: ctx.trx.raw('(select coalesce(max(position), 0) + 1 from quick_replies where holder = ?)', [holder]),
      created_by: ctx.actor.accountId,
      updated_by: ctx.actor.accountId,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )

/** Of the same shelf. @throws NotFound */
export async function checkCategory(ctx: Ctx, { holder }: Pick<Shelf, 'holder'>, id: string | null): Promise<void> {
  if (id !== null && !(await CategoryRow.query(ctx.trx).findOne({ id, holder }).select('id'))) throw new NotFound('category')
}

/** @throws Conflict `version_conflict` with what the other one made of it, so that both can be shown */
export async function checkVersion(ctx: Ctx<StaffActor>, row: ReplyRow, version: number): Promise<void> {
  if (row.version !== version)
    throw new Conflict('version_conflict', 'somebody else changed this reply', {
      version: row.version,
      theirs: await presentReply(ctx, row.id),
    })
}

/** @throws NotFound, Forbidden; Conflict `version_conflict`, `code_taken`; Invalid `variable_unknown` */
export async function updateReply(ctx: Ctx<StaffActor>, id: string, patch: QuickReplyPatch): Promise<void> {
  const row = await replyFor(ctx, id, 'change')
  await checkVersion(ctx, row, patch.version)
  if (patch.categoryId !== undefined) await checkCategory(ctx, row, patch.categoryId)
  const variables = patch.variables ?? row.variables
  // Without new parts the old ones are judged by the new variables.
  const inputs = patch.parts ?? row.parts.map(asInput)
  const parts = patch.parts || patch.variables ? await storedParts(ctx, id, inputs, variables) : row.parts
  await saveReply(ctx, row, {
    title: patch.title?.trim() ?? row.title,
    code: patch.code === undefined ? row.code : patch.code,
    category_id: patch.categoryId === undefined ? row.category_id : patch.categoryId,
    disabled: patch.disabled ?? row.disabled,
    parts,
    variables,
    reason: 'changed',
  })
}

const asInput = (part: ReplyRow['parts'][number]): QuickReplyCreate['parts'][number] =>
  'media' in part ? { type: part.type, attachmentId: part.media.attachmentId ?? '' } : part

interface Changed extends Pick<ReplyRow, 'title' | 'code' | 'parts' | 'variables' | 'category_id' | 'disabled'> {
  reason: QuickReplyVersion['reason']
}

/** Writes what differs, keeps the content that stood as a version, and tells the trail. */
export async function saveReply(ctx: Ctx<StaffActor>, row: ReplyRow, { reason, ...content }: Changed): Promise<ReplyRow> {
  const before = factsOf(row)
  const changed = await onceOnly(() =>
    ReplyRow.query(ctx.trx).patchAndFetchById(row.id, {
      ...content,
      spoken: spokenTitle(content.title),
      updated_by: ctx.actor.accountId,
      updated_at: ctx.now,
      version: row.version + 1,
    }),
  )
  await nameFiles(ctx, row.id, changed.parts)
  if (!sameContent(row, changed)) await rememberVersions(ctx, [changed], reason)
  const changes = changesOf(before, factsOf(changed))
  const action = reason === 'restored' ? 'quick_reply.restored' : 'quick_reply.changed'
  if (changes && row.scope !== 'personal') await record(ctx, { action, object: objectOf(changed), ...changes })
  return changed
}

/** The content of a version stands again; place and state stay as they are. @throws as `updateReply` */
export async function restoreReply(
  ctx: Ctx<StaffActor>,
  id: string,
  { number, version }: { number: number; version: number },
): Promise<void> {
  const row = await replyFor(ctx, id, 'change')
  await checkVersion(ctx, row, version)
  const { title, code, parts, variables } = await versionFor(ctx, id, number)
  await saveReply(ctx, row, { title, code, parts, variables, category_id: row.category_id, disabled: row.disabled, reason: 'restored' })
}

/** With its versions. @throws NotFound, Forbidden; Conflict `version_conflict` */
export async function removeReply(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await replyFor(ctx, id, 'change')
  await checkVersion(ctx, row, version)
  await removeReplies(ctx, [row])
}

/** The caller holds the shelf. */
export async function removeReplies(ctx: Ctx, rows: readonly ReplyRow[]): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await releaseFiles(ctx, ids)
  await ReplyRow.query(ctx.trx).whereIn('id', ids).delete()
  const told = rows.filter(({ scope }) => scope !== 'personal')
  await record(ctx, ...told.map((row) => ({ action: 'quick_reply.deleted', object: objectOf(row), before: factsOf(row) })))
}

export const objectOf = ({ id, title }: Pick<ReplyRow, 'id' | 'title'>) => ({ kind: 'quick_reply', id, label: title })

/** Files by name: their bytes are not the trail's business. */
export const factsOf = ({ title, code, category_id, parts, variables, disabled }: ReplyRow) => ({
  title,
  code,
  categoryId: category_id,
  parts: parts.map((part) => ('media' in part ? { type: part.type, name: part.media.name ?? '' } : part)),
  variables,
  disabled,
})

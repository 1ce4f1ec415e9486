import type { Knex } from 'knex'
import type { Ctx, CustomerActor, StaffActor } from '../../core/context.ts'
import { Invalid, NotFound } from '../../core/errors.ts'
import { Account } from '../identity/index.ts'
import { AttachmentRow } from './model.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** May this member of staff see the conversation that carries the file? */
    'attachment.visible'?: (ctx: Ctx<StaffActor>, conversationId: string) => Promise<boolean>
    /** Does something that he may see keep this file? */
    'attachment.kept'?: (ctx: Ctx<StaffActor>, attachmentId: string) => Promise<boolean>
  }
}

/** Pictures of colleagues are for all of staff. */
const isPicture = async (ctx: Ctx, id: string): Promise<boolean> =>
  (await Account.query(ctx.trx).findOne({ avatar_attachment_id: id }).select('id')) !== undefined

async function isKeptForReader(ctx: Ctx<StaffActor>, row: AttachmentRow): Promise<boolean> {
  if (!row.kept) return false
  for (const sees of ctx.app.hooks.all('attachment.kept')) if (await sees(ctx, row.id)) return true
  return false
}

/** @throws NotFound also for files outside the reader's scope */
export async function attachmentFor(ctx: Ctx<StaffActor>, id: string): Promise<AttachmentRow> {
  const row = await AttachmentRow.query(ctx.trx).findById(id)
  const visible =
    row &&
    (row.account_id === ctx.actor.accountId ||
      (await isPicture(ctx, id)) ||
      (await isKeptForReader(ctx, row)) ||
      (row.conversation_id !== null && (await ctx.app.hooks.only('attachment.visible')(ctx, row.conversation_id))))
  if (!row || !visible) throw new NotFound('attachment')
  return row
}

/**
 * Files that a message is about to carry: only the sender's own uploads, or files already in this conversation.
 * @throws Invalid `attachment_not_ready` for any other id
 */
export async function claimAttachments(
  trx: Knex,
  ids: readonly string[],
  sender: StaffActor | CustomerActor,
  conversationId: string,
): Promise<ReadonlyMap<string, AttachmentRow>> {
  if (ids.length === 0) return new Map()
  const rows = await AttachmentRow.query(trx)
    .whereIn('id', [...ids])
    .orderBy('id')
    .forNoKeyUpdate()
  const own = (row: AttachmentRow) =>
    sender.kind === 'staff' ? row.account_id === sender.accountId : row.identity_id === sender.identityId
  const usable = rows.filter((row) => (own(row) && row.conversation_id === null && !row.kept) || row.conversation_id === conversationId)
  const found = new Map(usable.map((row) => [row.id, row]))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0) throw new Invalid('attachment_not_ready', 'upload the file first', { attachmentIds: missing })
  await AttachmentRow.query(trx)
    .whereIn('id', [...ids])
    .whereNull('conversation_id')
    .patch({ conversation_id: conversationId })
  return found
}

/** A stored file becomes part of this conversation: its scope is then the conversation's. */
export const adoptAttachment = async (trx: Knex, id: string, conversationId: string): Promise<AttachmentRow> =>
  AttachmentRow.query(trx).patchAndFetchById(id, { conversation_id: conversationId })

/** Uploads that customers name in their messages: each only by who brought it. */
export async function uploadsOf(
  trx: Knex,
  wanted: readonly { id: string; identityId: string }[],
): Promise<ReadonlyMap<string, AttachmentRow>> {
  if (wanted.length === 0) return new Map()
  const rows = await AttachmentRow.query(trx)
    .whereIn(
      'id',
      wanted.map(({ id }) => id),
    )
    .orderBy('id')
    .forNoKeyUpdate()
  const own = rows.filter((row) => wanted.some(({ id, identityId }) => id === row.id && identityId === row.identity_id))
  return new Map(own.map((row) => [row.id, row]))
}

/** As `adoptAttachment`, for a batch: one statement. */
export async function adoptAttachments(trx: Knex, adopted: readonly { id: string; conversationId: string }[]): Promise<void> {
  if (adopted.length === 0) return
  await trx.raw(
    `update attachments a set conversation_id = t.conversation_id
     from json_to_recordset(?::json) as t(id uuid, conversation_id uuid) where a.id = t.id and a.conversation_id is null`,
    [JSON.stringify(adopted.map(({ id, conversationId }) => ({ id, conversation_id: conversationId })))],
  )
}

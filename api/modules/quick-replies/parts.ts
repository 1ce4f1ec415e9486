/** Parts of a reply on their way into its row: files kept, variables known. */
import type { OwnVariable, QuickReplyPart, QuickReplyPartInput } from '../../contract/quick-reply.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { AttachmentRow, keepAttachment, mediaOf, releaseAttachments, staffUrls, withUrls } from '../files/index.ts'
import { FileRow } from './model.ts'
import { unknownVariables, withoutAliases } from './variables.ts'

/** @throws Invalid `variable_unknown` with the names */
export function checkVariables<P extends QuickReplyPart | QuickReplyPartInput>(parts: readonly P[], own: readonly OwnVariable[]): P[] {
  const known = withoutAliases(parts, own)
  const names = unknownVariables(known, own)
  if (names.length > 0) throw new Invalid('variable_unknown', 'a text uses variables that nobody defined', { names })
  return known
}

/**
 * As they are stored. A file that the reply or one of its versions has already stays what it is; any other is kept for it.
 * @throws NotFound for a file that one may not see; Invalid `variable_unknown`, `invalid_request` for a picture that is none
 */
export async function storedParts(
  ctx: Ctx<StaffActor>,
  replyId: string,
  inputs: readonly QuickReplyPartInput[],
  own: readonly OwnVariable[],
): Promise<QuickReplyPart[]> {
  const parts: QuickReplyPart[] = []
  for (const part of checkVariables(inputs, own)) {
    if (!('attachmentId' in part)) parts.push(part)
    // At most five, and keeping one decides the next.
    else parts.push({ type: part.type, media: mediaOf(await keepFile(ctx, replyId, part)) })
  }
  return parts
}

async function keepFile(
  ctx: Ctx<StaffActor>,
  replyId: string,
  { type, attachmentId }: { type: 'image' | 'file'; attachmentId: string },
): Promise<AttachmentRow> {
  const row = (await ownFile(ctx, replyId, attachmentId)) ?? (await keepAttachment(ctx, attachmentId))
  if (type === 'image' && row.kind !== 'image')
    throw new Invalid('invalid_request', 'the file is of another type', { expected: type, actual: row.kind })
  return row
}

async function ownFile(ctx: Ctx, replyId: string, attachmentId: string): Promise<AttachmentRow | undefined> {
  const known = await FileRow.query(ctx.trx).findById([replyId, attachmentId])
  return known && AttachmentRow.query(ctx.trx).findById(attachmentId)
}

const idsOf = (parts: readonly QuickReplyPart[]): string[] =>
  parts.flatMap((part) => ('media' in part && part.media.attachmentId ? [part.media.attachmentId] : []))

/** The reply names these files from now on; those of its versions stay named. */
export async function nameFiles(ctx: Ctx, replyId: string, parts: readonly QuickReplyPart[]): Promise<void> {
  const rows = idsOf(parts).map((id) => ({ reply_id: replyId, attachment_id: id }))
  if (rows.length > 0) await ctx.trx('quick_reply_files').insert(rows).onConflict().ignore()
}

/** The replies are about to go, and with them every file of theirs: each is named by one reply alone. */
export async function releaseFiles(ctx: Ctx, replyIds: readonly string[]): Promise<void> {
  const rows = await FileRow.query(ctx.trx)
    .whereIn('reply_id', [...replyIds])
    .select('attachment_id')
  await releaseAttachments(
    ctx.trx,
    rows.map((row) => row.attachment_id),
  )
}

/** With addresses that a member of staff can open. */
export const partsForStaff = (parts: readonly QuickReplyPart[]): QuickReplyPart[] =>
  parts.map((part) => ('media' in part ? { ...part, media: withUrls(part.media, staffUrls) } : part))

/** May he see it because a reply that he may use has it? */
export async function fileIsAtHand(ctx: Ctx<StaffActor>, attachmentId: string, holders: readonly string[]): Promise<boolean> {
  const row = await FileRow.query(ctx.trx)
    .join('quick_replies', 'quick_replies.id', 'reply_id')
    .where({ attachment_id: attachmentId })
    .whereIn('quick_replies.holder', [...holders])
    .first()
  return row !== undefined
}

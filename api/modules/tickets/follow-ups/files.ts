/** Files that come with a follow-up are files of the ticket that know which one they came with. */
import { MAX_TICKET_FILES } from '../../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { AttachmentRow, keepAttachment } from '../../files/index.ts'

/** Of a member of staff: his own upload, or a copy of what he may see. @returns the ticket's files. @throws NotFound; Conflict `ticket_files_full` */
export async function keepStaffFiles(
  ctx: Ctx<StaffActor>,
  to: { ticketId: string; followUpId: string },
  attachmentIds: readonly string[],
): Promise<string[]> {
  const kept: string[] = []
  // At most nine, each with a check of its own.
  for (const id of new Set(attachmentIds)) kept.push((await keepAttachment(ctx, id)).id)
  await addFiles(ctx, { ...to, accountId: ctx.actor.accountId }, kept)
  return kept
}

/** Of a customer: what he uploaded himself and has not sent. @throws Invalid `attachment_not_ready`; Conflict `ticket_files_full` */
export async function keepCustomerFiles(
  ctx: Ctx,
  to: { ticketId: string; followUpId: string | null },
  { identityId, attachmentIds }: { identityId: string; attachmentIds: readonly string[] },
): Promise<void> {
  const ids = [...new Set(attachmentIds)]
  if (ids.length === 0) return
  const rows = await AttachmentRow.query(ctx.trx).whereIn('id', ids).orderBy('id').forNoKeyUpdate()
  const own = rows.filter((row) => row.identity_id === identityId && row.conversation_id === null && !row.kept)
  if (own.length < ids.length)
    throw new Invalid('attachment_not_ready', 'upload the file first', {
      attachmentIds: ids.filter((id) => !own.some((row) => row.id === id)),
    })
  await AttachmentRow.query(ctx.trx).whereIn('id', ids).patch({ kept: true })
  await addFiles(ctx, { ...to, accountId: null }, ids)
}

interface Place {
  ticketId: string
  followUpId: string | null
  accountId: string | null
}

async function addFiles(ctx: Ctx, { ticketId, followUpId, accountId }: Place, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const there: unknown[] = await ctx.trx('ticket_files').where({ ticket_id: ticketId }).limit(MAX_TICKET_FILES).pluck('attachment_id')
  if (there.length + ids.length > MAX_TICKET_FILES)
    throw new Conflict('ticket_files_full', 'this ticket has too many files', { max: MAX_TICKET_FILES })
  await ctx.trx('ticket_files').insert(
    ids.map((id) => ({
      ticket_id: ticketId,
      attachment_id: id,
      follow_up_id: followUpId,
      added_by: accountId,
      created_at: ctx.now,
    })),
  )
}

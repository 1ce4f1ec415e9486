/** Files of the ticket itself (BP-006.6): kept by it, opened by whoever sees it. */
import { z } from 'zod'
import { MAX_TICKET_FILES, type TicketFile } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { AttachmentRow, copyAttachments, keepAttachment, presentAttachment, releaseAttachments, staffUrls } from '../files/index.ts'
import { recordTicketEvent } from './history.ts'
import { TicketFileRow } from './model.ts'
import { seesTicket, ticketFor, ticketReach } from './policy.ts'
import { saveTicket } from './save.ts'

async function refuseTooMany(ctx: Ctx, ticketId: string, more: number): Promise<void> {
  const there = await TicketFileRow.query(ctx.trx).where({ ticket_id: ticketId }).resultSize()
  if (there + more > MAX_TICKET_FILES) throw new Conflict('ticket_files_full', 'too many files', { max: MAX_TICKET_FILES })
}

const insertFiles = (ctx: Ctx, ticketId: string, files: readonly { id: string; originId: string | null }[]) =>
  TicketFileRow.query(ctx.trx).insert(
    files.map(({ id, originId }) => ({
      ticket_id: ticketId,
      attachment_id: id,
      origin_id: originId,
      added_by: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
      created_at: ctx.now,
    })),
  )

/** His own uploads, or copies of what he may see. For a new or a locked ticket. @throws NotFound; Conflict `ticket_files_full` */
export async function keepFiles(ctx: Ctx<StaffActor>, ticketId: string, attachmentIds: readonly string[]): Promise<AttachmentRow[]> {
  const ids = [...new Set(attachmentIds)]
  if (ids.length === 0) return []
  await refuseTooMany(ctx, ticketId, ids.length)
  const kept: AttachmentRow[] = []
  // At most twenty, each with a check of its own.
  for (const id of ids) kept.push(await keepAttachment(ctx, id))
  await insertFiles(
    ctx,
    ticketId,
    kept.map(({ id }) => ({ id, originId: null })),
  )
  return kept
}

/** Files of messages that the caller has found readable: copies, each once. @throws Conflict `ticket_files_full` */
export async function copyFiles(ctx: Ctx<StaffActor>, ticketId: string, originIds: readonly string[]): Promise<void> {
  const known = await TicketFileRow.query(ctx.trx)
    .where({ ticket_id: ticketId })
    .whereIn('origin_id', [...originIds])
    .select('origin_id')
  const fresh = [...new Set(originIds)].filter((id) => !known.some((row) => row.origin_id === id))
  if (fresh.length === 0) return
  await refuseTooMany(ctx, ticketId, fresh.length)
  const copies = await copyAttachments(ctx.trx, fresh, { accountId: ctx.actor.accountId, kept: true })
  const files = [...copies].map(([originId, copy]) => ({ id: copy.id, originId }))
  if (files.length > 0) await insertFiles(ctx, ticketId, files)
}

/** @throws as `ticketFor`, `keepFiles` */
export async function addTicketFiles(ctx: Ctx<StaffActor>, id: string, attachmentIds: readonly string[]): Promise<void> {
  const row = await ticketFor(ctx, id, 'comment')
  const files = await keepFiles(ctx, id, attachmentIds)
  const saved = await saveTicket(ctx, row, {})
  await recordTicketEvent(ctx, saved, { kind: 'file_added', params: { files: files.map(({ name }) => name) } })
}

/** Out of the ticket; what a message or a follow-up carries stays with it. @throws NotFound for a file that is not the ticket's own */
export async function removeTicketFile(ctx: Ctx<StaffActor>, id: string, attachmentId: string): Promise<void> {
  const row = await ticketFor(ctx, id, 'edit')
  const removed = await TicketFileRow.query(ctx.trx)
    .delete()
    .where({ ticket_id: id, attachment_id: attachmentId })
    .whereNull('follow_up_id')
  if (removed === 0) throw new NotFound('attachment')
  const file = await AttachmentRow.query(ctx.trx).findById(attachmentId).select('name')
  await releaseAttachments(ctx.trx, [attachmentId])
  const saved = await saveTicket(ctx, row, {})
  await recordTicketEvent(ctx, saved, { kind: 'file_removed', params: { files: [file?.name ?? ''] } })
}

const fileRows = z.array(
  z.object({ attachment_id: z.string(), added_by: z.string().nullable(), adder: z.string().nullable(), created_at: z.date() }),
)

/** Those of the ticket itself; files of follow-ups are shown with them. */
export async function ticketFiles(ctx: Ctx, ticketId: string): Promise<TicketFile[]> {
  const found: unknown = await ctx
    .trx('ticket_files as f')
    .leftJoin('accounts as a', 'a.id', 'f.added_by')
    .where({ 'f.ticket_id': ticketId })
    .whereNull('f.follow_up_id')
    .orderBy(['f.created_at', 'f.attachment_id'])
    .limit(MAX_TICKET_FILES)
    .select('f.attachment_id', 'f.added_by', 'a.name as adder', 'f.created_at')
  const rows = fileRows.parse(found)
  const attachments = await AttachmentRow.query(ctx.trx).whereIn(
    'id',
    rows.map((row) => row.attachment_id),
  )
  const byId = new Map(attachments.map((row) => [row.id, row]))
  return rows.flatMap((row) => {
    const attachment = byId.get(row.attachment_id)
    if (!attachment) return []
    const addedBy = row.added_by === null ? null : { id: row.added_by, name: row.adder ?? '' }
    return [{ ...presentAttachment(attachment, staffUrls), addedBy, addedAt: row.created_at.toISOString() }]
  })
}

const holders = z.array(
  z.object({
    assignee_id: z.string().nullable(),
    team_id: z.string().nullable(),
    created_by: z.string().nullable(),
    watcher_ids: z.array(z.string()),
  }),
)

/** Hook `attachment.kept`: does a ticket that he sees keep this file? */
export async function keepsFile(ctx: Ctx<StaffActor>, attachmentId: string): Promise<boolean> {
  if (!ctx.actor.permissions.has('tickets.read')) return false
  const rows = holders.parse(
    await ctx
      .trx('ticket_files as f')
      .join('tickets as t', 't.id', 'f.ticket_id')
      .where({ 'f.attachment_id': attachmentId })
      .limit(20)
      .select('t.assignee_id', 't.team_id', 't.created_by', 't.watcher_ids'),
  )
  if (rows.length === 0) return false
  const reach = await ticketReach(ctx)
  return rows.some((row) => seesTicket(reach, row))
}

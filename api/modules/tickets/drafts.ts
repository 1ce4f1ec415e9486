/** What somebody has typed of a ticket so far; his alone, on every device. */
import type { z } from 'zod'
import { type TicketDraft, ticketDraftContent, type ticketDraftCreate, type ticketDraftPut } from '../../contract/ticket.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { conversationFor } from '../conversations/index.ts'
import { TicketDraftRow } from './model.ts'

const MAX_DRAFTS = 50

export const presentDraft = (row: TicketDraftRow): TicketDraft => ({
  id: row.id,
  conversationId: row.conversation_id,
  content: ticketDraftContent.parse(row.content),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
})

/** Newest first; 50 at most. */
export const listDrafts = (ctx: Ctx<StaffActor>): Promise<TicketDraftRow[]> =>
  Promise.resolve(
    TicketDraftRow.query(ctx.trx)
      .where({ account_id: ctx.actor.accountId })
      .orderBy([
        { column: 'updated_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MAX_DRAFTS),
  )

/** @throws Conflict `limit_reached`; NotFound for a conversation outside his scope */
export async function createDraft(ctx: Ctx<StaffActor>, input: z.output<typeof ticketDraftCreate>): Promise<TicketDraftRow> {
  if (input.conversationId !== null) await conversationFor(ctx, input.conversationId, 'view')
  const there = await TicketDraftRow.query(ctx.trx).where({ account_id: ctx.actor.accountId }).resultSize()
  if (there >= MAX_DRAFTS) throw new Conflict('limit_reached', 'too many drafts', { max: MAX_DRAFTS })
  return TicketDraftRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    account_id: ctx.actor.accountId,
    conversation_id: input.conversationId,
    content: input.content,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
}

/** @throws NotFound for another's; Conflict `version_conflict` when it was changed on another device */
export async function putDraft(ctx: Ctx<StaffActor>, id: string, input: z.output<typeof ticketDraftPut>): Promise<TicketDraftRow> {
  const row = await TicketDraftRow.query(ctx.trx).findOne({ id, account_id: ctx.actor.accountId }).forNoKeyUpdate()
  if (!row) throw new NotFound('draft')
  if (row.version !== input.version) throw new Conflict('version_conflict', 'changed on another device', { version: row.version })
  return row.$query(ctx.trx).patchAndFetch({ content: input.content, version: row.version + 1, updated_at: ctx.now })
}

/** One that is gone already is no error. */
export async function dropDraft(ctx: Ctx<StaffActor>, id: string): Promise<void> {
  await TicketDraftRow.query(ctx.trx).delete().where({ id, account_id: ctx.actor.accountId })
}

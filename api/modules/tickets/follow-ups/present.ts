import { z } from 'zod'
import type { Attachment } from '../../../contract/attachment.ts'
import {
  FOLLOW_UP_AUTHORS,
  FOLLOW_UP_VISIBILITIES,
  type FollowUp,
  type followUpListQuery,
  PAGE_ONLY_REASONS,
} from '../../../contract/ticket-follow-up.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { AttachmentRow, presentAttachment, staffUrls, type UrlMaker } from '../../files/index.ts'
import { ticketFor } from '../policy.ts'

const rowSchema = z.object({
  id: z.string(),
  ticket_id: z.string(),
  visibility: z.enum(FOLLOW_UP_VISIBILITIES),
  author_kind: z.enum(FOLLOW_UP_AUTHORS),
  account_id: z.string().nullable(),
  staff_name: z.string().nullable(),
  customer_id: z.string().nullable(),
  customer_name: z.string().nullable(),
  body: z.string(),
  mentions: z.array(z.object({ id: z.string(), name: z.string() })),
  page_only: z.enum(PAGE_ONLY_REASONS).nullable(),
  conversation_id: z.string().nullable(),
  delivery_state: z.string().nullable(),
  created_at: z.date(),
  sort_key: z.string(),
})
export type FoundFollowUp = z.infer<typeof rowSchema>

export const selectFollowUps = (ctx: Pick<Ctx, 'trx'>) =>
  ctx
    .trx('ticket_follow_ups as f')
    .leftJoin('accounts as a', 'a.id', 'f.account_id')
    .leftJoin('customer_identities as i', 'i.id', 'f.identity_id')
    .leftJoin('customers as c', 'c.id', 'i.customer_id')
    .leftJoin('messages as m', 'm.id', 'f.message_id')
    .select('f.id', 'f.ticket_id', 'f.visibility', 'f.author_kind', 'f.account_id', 'f.body', 'f.mentions', 'f.page_only', 'f.created_at')
    .select({
      staff_name: 'a.name',
      customer_id: 'i.customer_id',
      conversation_id: 'm.conversation_id',
      delivery_state: 'm.delivery_state',
    })
    .select(ctx.trx.raw(`${SHOWN_NAME} as customer_name`), ctx.trx.raw('f.created_at::text as sort_key'))

export const parseFollowUps = (found: unknown): FoundFollowUp[] => z.array(rowSchema).parse(found)

const fileRows = z.array(z.object({ attachment_id: z.string(), follow_up_id: z.string() }))

/** Files of each of these follow-ups. Two statements, however many. */
export async function filesOf(ctx: Pick<Ctx, 'trx'>, ids: readonly string[], urls: UrlMaker): Promise<ReadonlyMap<string, Attachment[]>> {
  const links = fileRows.parse(
    await ctx
      .trx('ticket_files')
      .whereIn('follow_up_id', [...ids])
      .orderBy(['created_at', 'attachment_id'])
      .select('attachment_id', 'follow_up_id'),
  )
  if (links.length === 0) return new Map()
  const rows = await AttachmentRow.query(ctx.trx).findByIds(links.map(({ attachment_id: id }) => id))
  const byFollowUp = new Map<string, Attachment[]>()
  for (const link of links) {
    const row = rows.find(({ id }) => id === link.attachment_id)
    if (row) byFollowUp.set(link.follow_up_id, [...(byFollowUp.get(link.follow_up_id) ?? []), presentAttachment(row, urls)])
  }
  return byFollowUp
}

function present(row: FoundFollowUp, files: Attachment[]): FollowUp {
  const staff = row.author_kind === 'staff'
  return {
    id: row.id,
    ticketId: row.ticket_id,
    visibility: row.visibility,
    author: { kind: row.author_kind, id: staff ? row.account_id : row.customer_id, name: staff ? row.staff_name : row.customer_name },
    text: row.body,
    mentions: row.mentions,
    files,
    delivery: staff && row.visibility === 'customer' ? deliveryOf(row) : null,
    createdAt: row.created_at.toISOString(),
  }
}

const deliveryOf = (row: FoundFollowUp): FollowUp['delivery'] => ({
  state: row.conversation_id === null ? 'page_only' : 'sent',
  conversationId: row.conversation_id,
  message: row.delivery_state,
  reason: row.page_only,
})

/** Newest first. @throws NotFound outside one's scope */
export async function listFollowUps(
  ctx: Ctx<StaffActor>,
  ticketId: string,
  query: z.output<typeof followUpListQuery>,
): Promise<{ data: FollowUp[]; nextCursor: string | null }> {
  await ticketFor(ctx, ticketId, 'view')
  const after = decodeTimeCursor(query.cursor)
  const found = parseFollowUps(
    await selectFollowUps(ctx)
      .where('f.ticket_id', ticketId)
      .modify((builder) => {
        if (query.visibility) void builder.where('f.visibility', query.visibility)
        if (after) void builder.whereRaw('(f.created_at, f.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .orderByRaw('f.created_at desc, f.id desc')
      .limit(query.limit + 1),
  )
  const rows = found.slice(0, query.limit)
  const files = await filesOf(
    ctx,
    rows.map(({ id }) => id),
    staffUrls,
  )
  const last = found.length > query.limit ? rows.at(-1) : undefined
  return {
    data: rows.map((row) => present(row, files.get(row.id) ?? [])),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}

/** Of a ticket that the reader may see. */
export async function showFollowUp(ctx: Pick<Ctx, 'trx'>, id: string): Promise<FollowUp> {
  const [row] = parseFollowUps(await selectFollowUps(ctx).where('f.id', id))
  if (!row) throw new Error('follow-up vanished')
  return present(row, (await filesOf(ctx, [id], staffUrls)).get(id) ?? [])
}

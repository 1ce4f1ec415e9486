/** Answers that wait for a supervisor. */
import { z } from 'zod'
import type { Approval, approvalDecision } from '../../contract/moderation.ts'
import type { listQuery } from '../../contract/list.ts'
import { messagePartSchema } from '../../contract/message.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { record } from '../audit/index.ts'
import { conversationFor, overseen, oversees, readableBy, refuseHeld, releaseApproved } from '../conversations/index.ts'
import { SHOWN_NAME } from '../customers/index.ts'
import { staffUrls, withUrls } from '../files/index.ts'
import { ApprovalRow } from './model.ts'

const shown = z.array(
  z.object({
    message_id: z.string(),
    conversation_id: z.string(),
    seq: z.number(),
    author_id: z.string(),
    author_name: z.string(),
    customer_id: z.string(),
    customer_name: z.string().nullable(),
    words: z.array(z.string()),
    parts: z.array(messagePartSchema),
    asked_at: z.date(),
    sort_key: z.string(),
  }),
)

/** Those that wait, within one's scope, oldest first. */
export async function listApprovals(
  ctx: Ctx<StaffActor>,
  query: z.infer<typeof listQuery>,
): Promise<{ data: Approval[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const [readable, reach] = [await readableBy(ctx), await overseen(ctx)]
  const rows = shown.parse(
    await ctx
      .trx('moderation_approvals as p')
      .join('messages as m', 'm.id', 'p.message_id')
      .join('conversations as v', 'v.id', 'p.conversation_id')
      .join('customers as c', 'c.id', 'v.customer_id')
      .join('accounts as a', 'a.id', 'p.author_id')
      .whereNull('p.decided_at')
      .modify((builder) => {
        void builder.whereRaw(readable.sql, readable.bindings).whereRaw(reach.sql, reach.bindings)
        if (after) void builder.whereRaw('(p.asked_at, p.message_id) > (?::timestamptz, ?::uuid)', [after.key, after.id])
      })
      .select('p.message_id', 'p.conversation_id', 'm.seq', 'a.id as author_id', 'a.name as author_name', 'v.customer_id')
      .select('p.words', 'm.parts', 'p.asked_at')
      .select(ctx.trx.raw(`${SHOWN_NAME} as customer_name`), ctx.trx.raw('p.asked_at::text as sort_key'))
      .orderBy(['p.asked_at', 'p.message_id'])
      .limit(query.limit + 1),
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(present), nextCursor: last ? encodeCursor(last.sort_key, last.message_id) : null }
}

const present = (row: z.infer<typeof shown>[number]): Approval => ({
  messageId: row.message_id,
  conversationId: row.conversation_id,
  seq: row.seq,
  author: { id: row.author_id, name: row.author_name },
  customer: { id: row.customer_id, name: row.customer_name },
  words: row.words,
  parts: row.parts.map((part) => ('media' in part ? { ...part, media: withUrls(part.media, staffUrls) } : part)),
  askedAt: row.asked_at.toISOString(),
})

/**
 * Of two who decide at once the second is told. Nobody decides about his own words.
 * @throws NotFound outside one's scope; Conflict `approval_decided`
 */
export async function decide(ctx: Ctx<StaffActor>, messageId: string, { approve, note }: z.infer<typeof approvalDecision>): Promise<void> {
  const known = await ApprovalRow.query(ctx.trx).findById(messageId)
  if (!known || known.author_id === ctx.actor.accountId) throw new NotFound('approval')
  const conversation = await conversationFor(ctx, known.conversation_id, 'note')
  if (!(await oversees(ctx, conversation))) throw new NotFound('approval')
  const row = await ApprovalRow.query(ctx.trx).findById(messageId).forNoKeyUpdate()
  if (!row) throw new NotFound('approval')
  if (row.decision !== null) throw new Conflict('approval_decided', 'somebody has decided already', { decision: row.decision })
  const change = { id: messageId, conversationId: row.conversation_id }
  await (approve ? releaseApproved(ctx, change) : refuseHeld(ctx, change))
  await row.$query(ctx.trx).patch({
    decided_at: ctx.now,
    decided_by: ctx.actor.accountId,
    decision: approve ? 'approved' : 'refused',
    note: note ?? null,
  })
  await record(ctx, {
    action: approve ? 'message.approved' : 'message.refused',
    object: { kind: 'message', id: messageId },
    context: { conversationId: row.conversation_id, authorId: row.author_id, words: row.words, note: note ?? null },
  })
  ctx.emit({
    name: 'moderation.decided',
    subjectId: row.conversation_id,
    payload: { approved: approve, by: ctx.actor.accountId, authorId: row.author_id, messageId },
  })
}

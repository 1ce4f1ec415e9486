/** Who is told of what was found: those who decide. */
import { z } from 'zod'
import { OUTBOUND_ACTIONS } from '../../contract/moderation.ts'
import type { Ctx, SystemActor } from '../../core/context.ts'
import type { StoredEvent } from '../../core/events/domain-events.ts'
import { SHOWN_NAME } from '../customers/index.ts'
import { grantsOf } from '../identity/index.ts'
import { notify } from '../notifications/index.ts'
import { ApprovalRow } from './model.ts'

const people = z.object({
  rows: z.array(z.object({ id: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) })),
})

async function approvers(ctx: Ctx): Promise<string[]> {
  const { rows } = people.parse(
    await ctx.trx.raw(
      `select a.id, r.code, r.built_in, r.permissions from accounts a join roles r on r.id = a.role_id where a.kind = 'staff' and a.status = 'active'`,
    ),
  )
  return rows.filter((row) => grantsOf(row).has('moderation.approve')).map(({ id }) => id)
}

const payload = z.object({
  action: z.enum(OUTBOUND_ACTIONS),
  words: z.array(z.string()),
  accountId: z.string().nullable(),
  messageId: z.string().nullable(),
})
const names = z.object({ rows: z.tuple([z.object({ customer: z.string().nullable(), author: z.string().nullable() })]) })

async function namesFor(ctx: Ctx, conversationId: string, accountId: string | null) {
  const { rows } = names.parse(
    await ctx.trx.raw(
      `select ${SHOWN_NAME} as customer, (select name from accounts where id = ?) as author
       from conversations v join customers c on c.id = v.customer_id where v.id = ?`,
      [accountId, conversationId],
    ),
  )
  return { customer: rows[0].customer ?? '', author: rows[0].author ?? '' }
}

const HOUR_MS = 3_600_000

/** One that waits for approval is told each time; anything else once an hour for a conversation, or a flood of words would be one of notifications. */
export async function tellOfFound(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const { action, words, accountId, messageId } = payload.parse(event.payload)
  const to = await approvers(ctx)
  const { customer, author } = await namesFor(ctx, event.subjectId, accountId)
  const told = words.slice(0, 5).join('、')
  if (action === 'approve' && messageId !== null) {
    await notify(ctx, {
      to: to.filter((id) => id !== accountId),
      kind: 'moderation.approval',
      params: { customer, by: author, words: told },
      link: '/settings/moderation/approvals',
      key: `moderation.approval:${messageId}`,
    })
    return
  }
  await notify(ctx, {
    to,
    kind: 'moderation.hit',
    params: { customer, words: told },
    link: `/workbench/${event.subjectId}`,
    key: `moderation.hit:${event.subjectId}:${Math.floor(event.occurredAt.getTime() / HOUR_MS)}`,
  })
}

const decided = z.object({ approved: z.boolean(), by: z.string(), authorId: z.string(), messageId: z.string() })

export async function tellAuthor(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  const { approved, by, authorId, messageId } = decided.parse(event.payload)
  const { customer, author } = await namesFor(ctx, event.subjectId, by)
  await notify(ctx, {
    to: [authorId],
    kind: approved ? 'moderation.approved' : 'moderation.refused',
    params: { customer, by: author },
    link: `/workbench/${event.subjectId}`,
    key: `moderation.decided:${messageId}`,
  })
}

/** Its author took the message back: there is nothing to decide any more. */
export async function withdraw(ctx: Ctx<SystemActor>, event: StoredEvent): Promise<void> {
  await ApprovalRow.query(ctx.trx)
    .where({ message_id: event.subjectId })
    .whereNull('decided_at')
    .patch({ decided_at: ctx.now, decision: 'withdrawn' })
}

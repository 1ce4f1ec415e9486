/** Who may do what with a conversation, and the only way to get one. */
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { Account } from '../identity/index.ts'
import { ConversationRow } from './model.ts'

/** `amend`: what one is writing or has written. */
export type ConversationAction = 'view' | 'note' | 'reply' | 'amend' | 'accept' | 'close'

type Facts = Pick<ConversationRow, 'status' | 'assignee_id'>

/** One's own, the queue, and what one may see of everybody's. A closed one stays visible to who held it last. */
export const mayView = (actor: StaffActor, row: Facts): boolean =>
  row.assignee_id === actor.accountId || row.status === 'queued' || actor.permissions.has('conversations.read_all')

/** An administrator may always answer. */
const mayAnswer = (actor: StaffActor, row: Facts): boolean =>
  actor.permissions.has('conversations.reply_all') || row.assignee_id === actor.accountId

export function allowedActions(actor: StaffActor, row: Facts) {
  const replies = actor.permissions.has('conversations.reply')
  return {
    /** Also after the end: what was learnt belongs where it was learnt. */
    note: replies,
    reply: replies && row.status !== 'closed' && (row.status === 'queued' || mayAnswer(actor, row)),
    accept: replies && row.status === 'queued',
    close: replies && row.status === 'open' && (mayAnswer(actor, row) || actor.permissions.has('conversations.assign')),
  }
}

/** So long after it left the queue, which everybody sees, who still reaches for it is told who has it. */
const JUST_TAKEN_MS = 5 * 60_000

const justTaken = (row: ConversationRow, now: Date): boolean =>
  row.status === 'open' && row.opened_at !== null && now.getTime() - row.opened_at.getTime() < JUST_TAKEN_MS

async function takenBy(ctx: Ctx, row: ConversationRow): Promise<Conflict> {
  const assignee = row.assignee_id === null ? undefined : await Account.query(ctx.trx).findById(row.assignee_id).select('id', 'name')
  return new Conflict('already_assigned', 'somebody has this conversation', {
    assignee: assignee ? { id: assignee.id, name: assignee.name } : null,
  })
}

/**
 * Loads a conversation for an action, locked unless it is only viewed.
 * @throws NotFound outside one's scope; Forbidden when one may see but not do; Conflict `conversation_closed`, `already_assigned`
 */
export async function conversationFor(ctx: Ctx<StaffActor>, id: string, action: ConversationAction): Promise<ConversationRow> {
  const row = await ConversationRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action !== 'view' && builder.forNoKeyUpdate()))
  if (!row) throw new NotFound('conversation')
  const taking = action === 'accept' || action === 'reply'
  if (!mayView(ctx.actor, row)) throw taking && justTaken(row, ctx.now) ? await takenBy(ctx, row) : new NotFound('conversation')
  if (action === 'view') return row
  if (row.status === 'closed' && action !== 'note') throw new Conflict('conversation_closed', 'this conversation is closed')
  if (action === 'accept' && row.status === 'open') throw await takenBy(ctx, row)
  if (!allowedActions(ctx.actor, row)[action === 'amend' ? 'reply' : action]) throw new Forbidden('forbidden', `you may not ${action} here`)
  return row
}

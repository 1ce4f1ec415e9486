/** Who may do what with a conversation, and the only way to get one. */
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { ConversationRow } from './model.ts'

export type ConversationAction = 'view' | 'reply' | 'accept' | 'close'

type Facts = Pick<ConversationRow, 'status' | 'assignee_id'>

/** One's own, the queue, and what one may see of everybody's. A closed one stays visible to who held it last. */
export const mayView = (actor: StaffActor, row: Facts): boolean =>
  row.assignee_id === actor.accountId || row.status === 'queued' || actor.permissions.has('conversations.read_all')

/** An administrator may always answer. */
const mayAnswer = (actor: StaffActor, row: Facts): boolean => actor.role === 'admin' || row.assignee_id === actor.accountId

export function allowedActions(actor: StaffActor, row: Facts) {
  const replies = actor.permissions.has('conversations.reply')
  return {
    reply: replies && row.status !== 'closed' && (row.status === 'queued' || mayAnswer(actor, row)),
    accept: replies && row.status === 'queued',
    close: replies && row.status === 'open' && (mayAnswer(actor, row) || actor.permissions.has('conversations.assign')),
  }
}

/**
 * Loads a conversation for an action, locked unless it is only viewed.
 * @throws NotFound outside one's scope; Forbidden when one may see but not do; Conflict `conversation_closed`
 */
export async function conversationFor(ctx: Ctx<StaffActor>, id: string, action: ConversationAction): Promise<ConversationRow> {
  const row = await ConversationRow.query(ctx.trx)
    .findById(id)
    .modify((builder) => void (action !== 'view' && builder.forUpdate()))
  if (!row || !mayView(ctx.actor, row)) throw new NotFound('conversation')
  if (action === 'view') return row
  if (row.status === 'closed') throw new Conflict('conversation_closed', 'this conversation is closed')
  if (action === 'accept' && row.status === 'open')
    throw new Conflict('already_assigned', 'somebody has this conversation', { assigneeId: row.assignee_id })
  if (!allowedActions(ctx.actor, row)[action]) throw new Forbidden('forbidden', `you may not ${action} here`)
  return row
}

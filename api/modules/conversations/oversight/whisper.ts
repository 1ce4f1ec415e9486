import type { z } from 'zod'
import type { whisperRequest } from '../../../contract/helpers.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { sha256 } from '../../../core/secrets.ts'
import { record } from '../../audit/index.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation } from '../announce.ts'
import { appendMessage } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import { MessageRow } from '../model.ts'
import { conversationFor } from '../policy.ts'

/**
 * A supervisor's word for the agent alone (BP-012): neither the customer nor a colleague ever reads it, and it stays with the one it was said to
 * when the conversation is passed on.
 * @throws Conflict `idempotency_mismatch`, `conversation_not_assigned`, `conversation_closed`
 */
export async function whisper(ctx: Ctx<StaffActor>, conversationId: string, input: z.infer<typeof whisperRequest>): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'whisper')
  const digest = sha256(`whisper:${input.text}`)
  const known = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversationId, client_key: input.clientKey })
  if (known && known.author_id === ctx.actor.accountId && known.request_digest?.equals(digest)) return known
  if (known) throw new Conflict('idempotency_mismatch', 'this client key was used for another message')
  const addresseeId = conversation.assignee_id
  if (addresseeId === null) throw new Conflict('conversation_not_assigned', 'nobody has this conversation yet')
  const row = await appendMessage(ctx, conversation, {
    direction: 'whisper',
    authorKind: 'agent',
    authorId: ctx.actor.accountId,
    addresseeId,
    parts: [{ type: 'text', text: input.text }],
    clientKey: input.clientKey,
    requestDigest: digest,
  })
  await record(ctx, {
    action: 'conversation.whispered',
    object: { kind: 'conversation', id: conversationId },
    context: { to: addresseeId, seq: row.seq },
  })
  await notify(ctx, {
    to: [addresseeId],
    kind: 'conversation.whispered',
    params: { customer: await customerLabel(ctx, conversation), by: ctx.actor.name },
    link: `/workbench/${conversationId}`,
    key: `conversation.whispered:${row.id}`,
  })
  await announceConversation(ctx, conversationId, { created: [row] })
  return row
}

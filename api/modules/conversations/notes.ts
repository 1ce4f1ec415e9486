import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import { announceConversation } from './announce.ts'
import { appendMessage } from './append-message.ts'
import { MessageRow } from './model.ts'
import { conversationFor } from './policy.ts'

/** A word among staff, in its place in the conversation; no customer ever gets it. @throws Conflict `idempotency_mismatch` */
export async function writeNote(
  ctx: Ctx<StaffActor>,
  conversationId: string,
  input: { clientKey: string; text: string },
): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'note')
  const digest = sha256(input.text)
  const known = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversationId, client_key: input.clientKey })
  if (known && known.author_id === ctx.actor.accountId && known.request_digest?.equals(digest)) return known
  if (known) throw new Conflict('idempotency_mismatch', 'this client key was used for another message')
  const row = await appendMessage(ctx, conversation, {
    direction: 'note',
    authorKind: 'agent',
    authorId: ctx.actor.accountId,
    parts: [{ type: 'text', text: input.text }],
    clientKey: input.clientKey,
    requestDigest: digest,
  })
  await announceConversation(ctx, conversationId, { created: [row] })
  return row
}

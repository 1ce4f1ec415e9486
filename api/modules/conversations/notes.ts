import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import { Account } from '../identity/index.ts'
import { notify } from '../notifications/index.ts'
import { announceConversation } from './announce.ts'
import { appendMessage } from './append-message.ts'
import { customerLabel } from './customer-label.ts'
import { type ConversationRow, MessageRow } from './model.ts'
import { readersOf, whoSees } from './oversight/who-sees.ts'
import { conversationFor } from './policy.ts'

export interface NoteInput {
  clientKey: string
  text: string
  mentions: readonly string[]
}

/**
 * A word among staff, in its place in the conversation; no customer ever gets it. Whoever is mentioned is told.
 * @throws Conflict `idempotency_mismatch`; Invalid `mention_out_of_scope`: naming somebody shows him nothing, inviting him to help does
 */
export async function writeNote(ctx: Ctx<StaffActor>, conversationId: string, input: NoteInput): Promise<MessageRow> {
  const conversation = await conversationFor(ctx, conversationId, 'note')
  const ids = [...new Set(input.mentions)].sort()
  const digest = sha256(ids.length === 0 ? input.text : JSON.stringify([input.text, ids]))
  const known = await MessageRow.query(ctx.trx).findOne({ conversation_id: conversationId, client_key: input.clientKey })
  if (known && known.author_id === ctx.actor.accountId && known.request_digest?.equals(digest)) return known
  if (known) throw new Conflict('idempotency_mismatch', 'this client key was used for another message')
  const mentions = await mentionable(ctx, conversation, ids)
  const row = await appendMessage(ctx, conversation, {
    direction: 'note',
    authorKind: 'agent',
    authorId: ctx.actor.accountId,
    parts: [{ type: 'text', text: input.text, ...(mentions.length === 0 ? {} : { mentions }) }],
    clientKey: input.clientKey,
    requestDigest: digest,
  })
  if (mentions.length > 0) {
    await notify(ctx, {
      to: ids.filter((id) => id !== ctx.actor.accountId),
      kind: 'note.mentioned',
      params: { customer: await customerLabel(ctx, conversation), by: ctx.actor.name },
      link: `/workbench/${conversationId}`,
      key: `note.mentioned:${row.id}`,
    })
  }
  await announceConversation(ctx, conversationId, { created: [row] })
  return row
}

/** Each must see the conversation already. @returns as they are called now */
async function mentionable(ctx: Ctx, conversation: ConversationRow, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const readers = await readersOf(ctx.trx, ids)
  const seen = await whoSees(
    ctx,
    readers.map((reader) => ({ reader, row: conversation })),
  )
  const seeing = readers.filter((_, index) => seen[index])
  const blind = ids.filter((id) => !seeing.some(({ accountId }) => accountId === id))
  if (blind.length > 0) throw new Invalid('mention_out_of_scope', 'invite them to help first', { accountIds: blind })
  const accounts = await Account.query(ctx.trx)
    .findByIds([...ids])
    .orderBy('id')
    .select('id', 'name')
  return accounts.map(({ id, name }) => ({ id, name }))
}

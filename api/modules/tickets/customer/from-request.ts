/** What was left outside working hours becomes a ticket at once (BP-005.1), and is linked both ways. */
import { z } from 'zod'
import { messagePartSchema } from '../../../contract/message.ts'
import type { Ctx } from '../../../core/context.ts'
import { ConversationRow } from '../../conversations/index.ts'
import { createTicket } from '../create.ts'
import { endingSettingsOf } from '../ending/settings.ts'
import { noteInConversation } from '../messages.ts'
import { typeFor } from './type-for.ts'

const requestRows = z.array(z.object({ parts: z.array(messagePartSchema), seq: z.number() }))
const TITLE_LENGTH = 60

/** The first line, as a title: what customers write has none. */
export function titleOf(text: string): string {
  const [line = ''] = text.trim().split('\n')
  const letters = Array.from(line.trim())
  return letters.length <= TITLE_LENGTH ? letters.join('') : `${letters.slice(0, TITLE_LENGTH - 1).join('')}…`
}

/** Name and address stay in the message alone. @returns null where requests are no tickets */
export async function ticketOfRequest(
  ctx: Ctx,
  request: { id: string; conversationId: string; teamId: string | null },
): Promise<string | null> {
  if (!(await endingSettingsOf(ctx)).off_hours_tickets) return null
  const typeId = await typeFor(ctx, undefined)
  if (typeId === null) return null
  const conversation = await ConversationRow.query(ctx.trx).findById(request.conversationId).throwIfNotFound()
  const [message] = requestRows.parse(
    await ctx
      .trx('contact_requests as r')
      .join('messages as m', 'm.id', 'r.message_id')
      .where('r.id', request.id)
      .select('m.parts', 'm.seq'),
  )
  const text = message?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n') ?? ''
  const row = await createTicket(ctx, {
    source: 'off_hours',
    typeId,
    title: titleOf(text),
    description: text,
    customerId: conversation.customer_id,
    identityId: conversation.identity_id,
    channelAccountId: conversation.channel_account_id,
    conversationId: conversation.id,
    ...(request.teamId === null ? {} : { teamId: request.teamId }),
    furnish: async ({ id }) => {
      if (message) await ctx.trx('ticket_messages').insert({ ticket_id: id, conversation_id: conversation.id, seq: message.seq })
    },
  })
  await noteInConversation(ctx, conversation, row)
  return row.id
}

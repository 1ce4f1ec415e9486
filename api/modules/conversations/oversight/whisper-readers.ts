/** Who reads a whisper: whom it is for, who said it, and who supervises the conversation (BP-012). */
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import type { MessageRow } from '../model.ts'
import { oversees } from './reach.ts'

type Whisper = Pick<MessageRow, 'direction' | 'author_id' | 'addressee_id'>

const concerns = (accountId: string, message: Whisper): boolean =>
  message.direction !== 'whisper' || message.addressee_id === accountId || message.author_id === accountId

/** Whether he supervises is asked only when there is something to withhold. */
export async function readsWhispers(
  ctx: Ctx<StaffActor>,
  conversation: Parameters<typeof oversees>[1],
  messages: readonly Whisper[],
): Promise<(message: Whisper) => boolean> {
  const { accountId, permissions } = ctx.actor
  const others = messages.some((message) => !concerns(accountId, message))
  const supervises =
    others && (permissions.has('conversations.whisper') || permissions.has('conversations.listen')) && (await oversees(ctx, conversation))
  return (message) => supervises || concerns(accountId, message)
}

/** Sockets that may hear a whisper: of those two, and of whoever listens in. */
export const whisperRooms = (conversationId: string, message: Whisper): string[] => [
  ...[message.addressee_id, message.author_id].flatMap((id) => (id === null ? [] : [rooms.staff(id)])),
  rooms.oversight(conversationId),
]

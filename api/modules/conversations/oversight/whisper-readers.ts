/** Who reads a whisper: whom it is for, who said it, and who supervises the conversation (BP-012). */
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import type { MessageRow } from '../model.ts'
import { overseenOf } from './reach.ts'

type Whisper = Pick<MessageRow, 'conversation_id' | 'direction' | 'author_id' | 'addressee_id'>

const concerns = (accountId: string, message: Whisper): boolean =>
  message.direction !== 'whisper' || message.addressee_id === accountId || message.author_id === accountId

/** Of each conversation by itself, also where several are shown as one: whether he supervises it is asked only when there is something to withhold. */
export async function readsWhispers<T extends Whisper>(ctx: Ctx<StaffActor>, messages: readonly T[]): Promise<(message: T) => boolean> {
  const { accountId, permissions } = ctx.actor
  const supervises = permissions.has('conversations.whisper') || permissions.has('conversations.listen')
  const others = supervises ? messages.filter((message) => !concerns(accountId, message)) : []
  const supervised = await overseenOf(ctx, [...new Set(others.map((message) => message.conversation_id))])
  return (message) => concerns(accountId, message) || supervised.has(message.conversation_id)
}

/** Sockets that may hear a whisper: of those two, and of whoever listens in. */
export const whisperRooms = (conversationId: string, message: Whisper): string[] => [
  ...[message.addressee_id, message.author_id].flatMap((id) => (id === null ? [] : [rooms.staff(id)])),
  rooms.oversight(conversationId),
]

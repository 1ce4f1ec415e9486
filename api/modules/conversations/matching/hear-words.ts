import type { WaitingFor } from '../../../contract/consultation.ts'
import type { MessagePart } from '../../../contract/message.ts'
import type { Ctx } from '../../../core/context.ts'
import { leaveByWord } from '../consultation/leave-queue.ts'
import { takeAnswers } from './choices.ts'
import { waitByWord } from './off-hours.ts'
import { wantsToLeave, wantsToWait } from './read-answer.ts'

export interface Said {
  conversation: { id: string; status: 'queued' | 'open'; waiting_for: WaitingFor | null }
  messages: readonly { parts: readonly MessagePart[] }[]
}

/**
 * What waiting people mean by what they wrote: a team, leaving the queue, waiting for the opening. The messages are written, the rows locked. Where
 * nobody waits this asks the database nothing.
 * @returns conversations that entered the queue by it
 */
export async function hearWords(ctx: Ctx, said: readonly Said[]): Promise<string[]> {
  const waiting = said.filter(({ conversation }) => conversation.status === 'queued')
  const saying = (means: (parts: readonly MessagePart[]) => boolean) =>
    waiting.filter(({ messages }) => messages.some(({ parts }) => means(parts))).map(({ conversation }) => conversation.id)
  const leaving = new Set(saying(wantsToLeave))
  await leaveByWord(ctx, [...leaving])
  const asked = waiting.filter(({ conversation: { id, waiting_for } }) => waiting_for === 'team_choice' && !leaving.has(id))
  const entered = await takeAnswers(
    ctx,
    asked.map(({ conversation, messages }) => ({ conversationId: conversation.id, messages: messages.map(({ parts }) => parts) })),
  )
  await waitByWord(
    ctx,
    saying(wantsToWait).filter((id) => !leaving.has(id)),
  )
  return entered
}

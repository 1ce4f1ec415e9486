import type { Ctx, SystemActor } from '../../core/context.ts'
import { takeRatingAnswers, type WrittenWords } from '../ratings/index.ts'
import type { ReceivedEvent } from './arrange.ts'

function wordsOf({ row, identity, event }: ReceivedEvent): WrittenWords[] {
  const [part, second] = event.parts ?? []
  if (event.kind !== 'message' || second !== undefined || part === undefined || !('text' in part)) return []
  const menuOptionId = part.menuOptionId ?? null
  return [{ eventId: row.id, identityId: identity.identity_id, text: part.text, menuOptionId }]
}

/** An answer to our question is no message, so it opens no conversation; that he acted, and what it lets us say, still counts. */
export async function withoutRatings(ctx: Ctx<SystemActor>, received: readonly ReceivedEvent[]): Promise<readonly ReceivedEvent[]> {
  const taken = await takeRatingAnswers(ctx, received.flatMap(wordsOf))
  if (taken.size === 0) return received
  return received.map((one) => (taken.has(one.row.id) ? { ...one, event: { ...one.event, kind: 'other' as const } } : one))
}

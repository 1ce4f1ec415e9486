/** One key, two customers: who proved it twice is one person; who only said it is proposed. */
import { z } from 'zod'
import { STRONG_KINDS } from '../../../contract/customer.ts'
import type { Ctx } from '../../../core/context.ts'
import type { StoredEvent } from '../../../core/events/domain-events.ts'
import { lockPair } from './lock-pair.ts'
import { mergeCustomers } from './merge-customers.ts'
import { areApart, suggest } from './suggestions.ts'
import { survivorOf } from './survivor.ts'
import { survivorFirst } from './values.ts'

export const KEY_SHARED = 'customer.key-shared'
const payload = z.object({ holderId: z.uuid(), kind: z.enum(STRONG_KINDS), proven: z.boolean() })

/** A customer turned out to have a key that another holds: said in the transaction that found it, acted on behind it. */
export function tellKeyShared(ctx: Ctx, customerId: string, shared: z.infer<typeof payload>): void {
  ctx.emit({ name: KEY_SHARED, subjectId: customerId, payload: shared })
}

/** Again does nothing: they are one, or known to be two. */
export async function onKeyShared(ctx: Ctx, event: StoredEvent): Promise<void> {
  const { holderId, kind, proven } = payload.parse(event.payload)
  const [one, other] = [await survivorOf(ctx, event.subjectId), await survivorOf(ctx, holderId)]
  if (one === other || (await areApart(ctx, one, other))) return
  if (!proven) return suggest(ctx, [{ pair: [one, other], reason: 'same_phone' }])
  const [a, b] = await lockPair(ctx, one, other)
  // Merged by somebody else while we waited: the event is tried again and finds the survivor.
  await mergeCustomers(ctx, { ...survivorFirst(a, b), choose: {}, reason: kind })
}

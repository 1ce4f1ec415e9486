/** The product's own speech (BP-003): told by facts, once each; a failing one is retried alone by the relay. */
import type { Listener } from '#api/core/events/domain-events.ts'
import { ConversationRow, offerForm } from '#api/modules/conversations/index.ts'
import { OCCASIONS, occasionOf } from './occasions.ts'
import { factsOf, say } from './say.ts'

export const replyListeners: readonly Listener[] = [
  {
    name: 'replies.speak',
    on: OCCASIONS,
    async handle(ctx, event) {
      const row = await ConversationRow.query(ctx.trx).findById(event.subjectId).forNoKeyUpdate()
      if (!row || row.kind !== 'direct') return
      if (event.name === 'queue.overflowed' && event.payload['action'] === 'form') await offerForm(ctx, row)
      const occasion = occasionOf(event.name, event.payload, await factsOf(ctx, row))
      if (occasion) await say(ctx, row, { ...occasion, key: `${event.id}:${occasion.text}` })
    },
  },
]

/** How the words take part in what is said: the ports of conversations. */
import { z } from 'zod'
import type { MessagePart } from '../../contract/message.ts'
import { OUTBOUND_ACTIONS } from '../../contract/moderation.ts'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, type StaffActor, SYSTEM } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import type { FoundInbound, InboundScreen, MessageRow, ScreenedOutbound } from '../conversations/index.ts'
import { type NewHit, recordHits } from './hits.ts'
import { lexiconOf } from './lexicon.ts'
import { ApprovalRow } from './model.ts'
import { type Screened, screenParts } from './screen.ts'

/** @throws Invalid `text_blocked` with `{ words }`; that it was tried is recorded all the same */
export async function screenOutbound(
  ctx: Ctx<StaffActor>,
  message: { conversationId: string; customerId: string; parts: readonly MessagePart[] },
): Promise<ScreenedOutbound | null> {
  const { outbound } = await lexiconOf(ctx)
  const found = outbound && screenParts(outbound, message.parts)
  if (!found) return null
  const hit = hitOf(found, { ...message, direction: 'outbound', accountId: ctx.actor.accountId })
  if (found.action === 'block') {
    recordAnyway(ctx.app, hit)
    throw new Invalid('text_blocked', 'it holds words that may not be sent', { words: found.words })
  }
  return {
    parts: found.parts,
    hold: found.action === 'approve',
    stored: (inside, row) => recordOutbound(inside, row, { ...hit, messageId: row.id, seq: row.seq }),
  }
}

const hitOf = (
  { action, words, lists }: Screened,
  of: { conversationId: string; customerId: string; direction: NewHit['direction']; accountId: string | null },
): NewHit => ({
  conversationId: of.conversationId,
  customerId: of.customerId,
  direction: of.direction,
  accountId: of.accountId,
  action,
  words,
  lists,
  messageId: null,
  seq: null,
})

/** The request's transaction is about to be undone, and this must stand: a transaction of its own, which nobody waits for. */
function recordAnyway(app: App, hit: NewHit): void {
  inTransaction(app, SYSTEM, (ctx) => recordHits(ctx, [hit])).catch((error: unknown) =>
    app.log.warn({ conversationId: hit.conversationId, error: String(error) }, 'moderation.hit_not_recorded'),
  )
}

async function recordOutbound(ctx: Ctx, row: MessageRow, hit: NewHit): Promise<void> {
  await recordHits(ctx, [hit])
  if (hit.action === 'approve') {
    await ApprovalRow.query(ctx.trx).insert({
      message_id: row.id,
      conversation_id: row.conversation_id,
      author_id: row.author_id ?? '',
      words: [...hit.words],
      asked_at: ctx.now,
    })
  }
  if (hit.action !== 'mask') ctx.emit({ name: 'moderation.found', subjectId: row.conversation_id, payload: factsOf(hit) })
}

const factsOf = ({ action, words, accountId, messageId }: NewHit) => ({ action, words, accountId, messageId })

const finding = z.object({ action: z.enum(OUTBOUND_ACTIONS), words: z.array(z.string()), lists: z.array(z.string()) })

/** Customers' words. What is withheld stays in the ledger of the channel; the conversation shows that something was. */
export async function screenInbound(ctx: Pick<Ctx, 'app' | 'trx'>): Promise<InboundScreen | null> {
  const { inbound } = await lexiconOf(ctx)
  if (!inbound) return null
  return {
    screen(parts) {
      const found = screenParts(inbound, parts)
      if (!found) return null
      const { action, words, lists } = found
      const withheld: MessagePart[] = [{ type: 'notice', code: 'message_withheld', params: {} }]
      return { parts: action === 'block' ? withheld : found.parts, finding: { action, words, lists } }
    },
    async found(ctx, findings) {
      const hits = findings.map(inboundHit)
      await recordHits(ctx, hits)
      for (const hit of hits)
        if (hit.action === 'notify') ctx.emit({ name: 'moderation.found', subjectId: hit.conversationId, payload: factsOf(hit) })
    },
  }
}

function inboundHit(found: FoundInbound): NewHit {
  const { action, words, lists } = finding.parse(found.finding)
  const { conversationId, customerId, messageId, seq } = found
  return { conversationId, customerId, messageId, seq, direction: 'inbound', action, words, lists, accountId: null }
}

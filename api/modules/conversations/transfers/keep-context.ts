/** What the one before had begun goes along (BP-004.6). */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'

const taken = z.array(z.object({ text: z.string() }))

/** His unsent words become the successor's draft, unless that one has begun something of his own. */
export async function handOverDraft(ctx: Ctx, conversationId: string, between: { from: string; to: string }): Promise<void> {
  const [draft] = taken.parse(
    await ctx.trx('drafts').where({ conversation_id: conversationId, account_id: between.from }).delete().returning('text'),
  )
  if (!draft) return
  await ctx
    .trx('drafts')
    .insert({ conversation_id: conversationId, account_id: between.to, text: draft.text, updated_at: ctx.now })
    .onConflict(['conversation_id', 'account_id'])
    .ignore()
}

/** Nobody in particular comes next: what he was about to say is left as a line for whoever does. @returns the words, for the line */
export async function takeDraft(ctx: Ctx, conversationId: string, from: string): Promise<string | null> {
  const [draft] = taken.parse(
    await ctx.trx('drafts').where({ conversation_id: conversationId, account_id: from }).delete().returning('text'),
  )
  return draft?.text ?? null
}

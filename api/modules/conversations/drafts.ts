import type { Ctx, StaffActor } from '../../core/context.ts'
import { z } from 'zod'
import { conversationFor } from './policy.ts'

/** What somebody is about to say follows him from desk to desk. An empty text forgets it. */
export async function saveDraft(ctx: Ctx<StaffActor>, conversationId: string, text: string): Promise<void> {
  await conversationFor(ctx, conversationId, 'amend')
  const key = { conversation_id: conversationId, account_id: ctx.actor.accountId }
  if (text === '') await ctx.trx('drafts').where(key).delete()
  else
    await ctx
      .trx('drafts')
      .insert({ ...key, text, updated_at: ctx.now })
      .onConflict(['conversation_id', 'account_id'])
      .merge()
}

export async function draftOf(ctx: Ctx<StaffActor>, conversationId: string): Promise<string | null> {
  const rows = await ctx.trx('drafts').select('text').where({ conversation_id: conversationId, account_id: ctx.actor.accountId })
  return z.array(z.object({ text: z.string() })).parse(rows)[0]?.text ?? null
}

import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { sha256 } from '../../../core/secrets.ts'
import { LinkRow } from '../model.ts'
import { linkRefusal, linkState } from './rules.ts'

/**
 * The link behind a token, to show where it leads. Opening it uses nothing up.
 * @throws NotFound for a token nobody made; Conflict `link_expired`, `link_used_up`, `link_revoked`
 */
export async function openLink(ctx: Pick<Ctx, 'trx' | 'now'>, token: string, pageId: string | null = null): Promise<LinkRow> {
  const row = await LinkRow.query(ctx.trx).findOne({ token_digest: sha256(token) })
  // A link for another page leads nowhere on this one.
  if (!row || (pageId !== null && row.channel_account_id !== pageId)) throw new NotFound('registration link')
  const state = linkState(row, ctx.now)
  if (state !== 'valid') throw linkRefusal(state)
  return row
}

const used = z.array(z.object({ id: z.string() }))

/**
 * Registers with a link: the one moment at which it is used. Checked and counted by one UPDATE, so that of two people who come with a
 * one-use link at once one gets in; it waits for the other's transaction and then finds nothing left. Who used the link before may come again.
 * Being used is no new version: a link that is passed around must not be busy when somebody takes it back.
 * @throws Conflict `link_expired`, `link_used_up`, `link_revoked`
 */
export async function useLink(ctx: Ctx, link: LinkRow, customer: { id: string; isNew: boolean }): Promise<void> {
  const before: unknown = await ctx.trx('registration_uses').select('id').where({ link_id: link.id, customer_id: customer.id }).first()
  if (before !== undefined) return
  const [row] = used.parse(
    await ctx
      .trx('registration_links')
      .where({ id: link.id })
      .whereNull('revoked_at')
      .where('expires_at', '>', ctx.trx.raw('app_now()'))
      .whereRaw('uses < max_uses')
      .update({ uses: ctx.trx.raw('uses + 1') })
      .returning('id'),
  )
  if (!row) {
    const now = await LinkRow.query(ctx.trx).findById(link.id).throwIfNotFound()
    const state = linkState(now, ctx.now)
    throw linkRefusal(state === 'valid' ? 'used_up' : state)
  }
  await ctx.trx('registration_uses').insert({
    id: newId(),
    link_id: link.id,
    customer_id: customer.id,
    is_new: customer.isNew,
    created_at: ctx.now,
  })
}

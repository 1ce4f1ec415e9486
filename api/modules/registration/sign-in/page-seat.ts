import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { OpenAccount } from '../../channels/index.ts'
import { joinIdentities } from '../../conversations/index.ts'
import { addPageIdentity, mergeByProof, provePageIdentity } from '../../customers/index.ts'
import type { Proof } from './proofs.ts'
import type { KeptVisitor } from './visitors.ts'

const seatRow = z.object({ identity_id: z.string() }).optional()

const MERGE_REASON = { sms_code: 'phone', password: 'phone', wechat_scan: 'unionid' } as const

interface Seating {
  page: OpenAccount
  customerId: string
  kept: KeptVisitor | null
  /** How we know who it is. */
  source: Proof['source']
}

/**
 * The identity by which this customer sits at this page: one on all his devices, so that he reads everywhere what he wrote anywhere. A kept
 * visitor's becomes it when there is none yet; otherwise his conversations join it.
 */
export async function seatAtPage(ctx: Ctx, { page, customerId, kept, source }: Seating): Promise<string> {
  const own = seatRow.parse(
    await ctx.trx('web_logins').select('identity_id').where({ customer_id: customerId, channel_account_id: page.id }).first(),
  )
  const stranger = kept !== null && kept.customerId !== customerId
  if (own) {
    if (kept?.hasWritten && kept.identityId !== own.identity_id) {
      if (stranger) await mergeByProof(ctx, { from: kept.customerId, into: customerId, reason: MERGE_REASON[source] })
      await joinIdentities(ctx, { from: kept.identityId, to: own.identity_id })
    }
    return own.identity_id
  }
  if (kept && stranger) await mergeByProof(ctx, { from: kept.customerId, into: customerId, reason: MERGE_REASON[source] })
  if (kept) await provePageIdentity(ctx, kept.identityId, source)
  const identityId = kept?.identityId ?? (await addPageIdentity(ctx, customerId, { channelAccountId: page.id, kind: page.kind, source }))
  await ctx.trx('web_logins').insert({ customer_id: customerId, channel_account_id: page.id, identity_id: identityId, created_at: ctx.now })
  return identityId
}

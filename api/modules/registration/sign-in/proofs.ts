/** What somebody proved, and how it finds or names a customer. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { addIdentity, takeUnprovenIdentity } from '../../customers/index.ts'

export interface Proof {
  /** Two who prove the same wait for each other. */
  key: string
  /** How we know; stored as evidence. */
  source: 'sms_code' | 'password' | 'wechat_scan'
  /** What he is called there, for a new customer. */
  name: string | null
  /** The customer whose it is; null when nobody's. */
  holder(ctx: Ctx): Promise<string | null>
  /** Gives it to a customer, when it was nobody's. */
  attach(ctx: Ctx, customerId: string): Promise<void>
}

const edge = z.object({ id: z.string(), customer_id: z.string(), verified_at: z.date().nullable() }).optional()

/**
 * A number proven by a code. Colleagues may have noted it for a customer, unproven: then he is that customer, unless somebody has already
 * signed in as him by other means; what was noted wrongly must not open another person's history.
 */
export function phoneProof(phone: string): Proof {
  const find = async (ctx: Ctx) =>
    edge.parse(
      await ctx
        .trx('customer_identities')
        .select('id', 'customer_id', 'verified_at')
        .where({ kind: 'phone', value: phone })
        .whereNull('channel_account_id')
        .first(),
    )
  return {
    key: `phone:${phone}`,
    source: 'sms_code',
    name: null,
    async holder(ctx) {
      const found = await find(ctx)
      if (!found) return null
      if (found.verified_at === null && (await hasSignedIn(ctx, found.customer_id))) return null
      await addIdentity(ctx, found.customer_id, { kind: 'phone', value: phone, evidence: { source: 'sms_code' }, verified: true })
      return found.customer_id
    },
    async attach(ctx, customerId) {
      const found = await find(ctx)
      if (found && (await takeUnprovenIdentity(ctx, found.id, customerId, 'sms_code'))) return
      await addIdentity(ctx, customerId, { kind: 'phone', value: phone, evidence: { source: 'sms_code' }, verified: true })
    },
  }
}

const hasSignedIn = async (ctx: Ctx, customerId: string): Promise<boolean> =>
  (await ctx.trx('web_logins').select('identity_id').where({ customer_id: customerId }).first()) !== undefined

/** The right password of a customer who is known by it. */
export const passwordProof = (customerId: string): Proof => ({
  key: `customer:${customerId}`,
  source: 'password',
  name: null,
  holder: () => Promise.resolve(customerId),
  attach: () => Promise.resolve(),
})

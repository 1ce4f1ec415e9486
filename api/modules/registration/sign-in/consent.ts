import type { CustomerLoginMethod } from '../../../contract/registration.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { companySettings } from '../../settings/index.ts'

/**
 * What somebody agrees to must be what is in force: he read an older text if it changed while the page was open.
 * @throws Conflict `privacy_changed` with `{ version }`
 */
export async function checkPrivacyVersion(ctx: Pick<Ctx, 'trx'>, version: number): Promise<void> {
  const { privacyVersion } = await companySettings(ctx)
  if (privacyVersion !== version)
    throw new Conflict('privacy_changed', 'read the privacy text that is in force', { version: privacyVersion })
}

/** Who agreed to which version, when and from where; the first time counts, and nothing of it is ever changed. */
export async function recordConsent(
  ctx: Ctx,
  consent: { customerId: string; version: number; method: CustomerLoginMethod },
): Promise<void> {
  await ctx
    .trx('customer_consents')
    .insert({
      id: newId(),
      customer_id: consent.customerId,
      privacy_version: consent.version,
      method: consent.method,
      ip: ctx.source?.ip ?? null,
      user_agent: ctx.source?.userAgent ?? null,
      created_at: ctx.now,
    })
    .onConflict(['customer_id', 'privacy_version'])
    .ignore()
}

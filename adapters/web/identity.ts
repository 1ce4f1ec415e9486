/** Identity that the host site vouches for (Chatwoot calls it "identity validation", Intercom "user hash"), with an expiry and bound to one account. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { SignatureInvalid, type ChannelAccount, type IdentityClaim } from '../contract/index.ts'
import type { WebConfig } from './config.ts'

const DAY_SECONDS = 86_400
/** Keeps the work the same where no secret is set; nothing is ever accepted with it. */
const NO_SECRET = 'no secret is set: every claim is refused'

/** Hex HMAC-SHA256 over `${accountId}.${id}.${expiresAt}`. A UUID and a number hold no dot, so the three cannot be shifted into each other. */
export function signIdentity(secret: string, accountId: string, claim: { id: string; expiresAt: number }): string {
  return createHmac('sha256', secret).update(`${accountId}.${claim.id}.${claim.expiresAt}`).digest('hex')
}

/**
 * Who the visitor is, if his host site says so. The name and picture are not signed: they are shown and decide nothing.
 * @throws SignatureInvalid for every fault alike: wrong signature, expired, more than a day ahead, no secret set
 */
export function identify(
  account: ChannelAccount<WebConfig>,
  claim: IdentityClaim,
  now: Date,
): { externalId: string; name?: string; avatarUrl?: string } {
  const secret = account.config.identitySecret
  const authentic = sameHex(signIdentity(secret ?? NO_SECRET, account.id, claim), claim.signature)
  const secondsLeft = claim.expiresAt - now.getTime() / 1000
  if (secret === undefined || !authentic || !(secondsLeft > 0 && secondsLeft <= DAY_SECONDS)) throw new SignatureInvalid()
  const name = claim.name?.trim()
  return { externalId: `u:${claim.id}`, ...(name ? { name } : {}), ...(claim.avatarUrl ? { avatarUrl: claim.avatarUrl } : {}) }
}

/** Constant time whatever the second text holds: anything that is not 64 hex digits becomes 32 other bytes. */
function sameHex(expected: string, given: string): boolean {
  const bytes = Buffer.from(given, 'hex')
  const wellFormed = bytes.length === 32 && given.length === 64
  return timingSafeEqual(Buffer.from(expected, 'hex'), wellFormed ? bytes : Buffer.alloc(32)) && wellFormed
}

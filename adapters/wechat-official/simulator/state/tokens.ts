/** Access tokens of the two kinds, which live side by side. */
import type { IssuedToken } from '../types.ts'
import { newAccessToken } from './identifiers.ts'
import { pushBounded, type Account } from './records.ts'

export const TOKEN_LIFETIME_MS = 7_200_000
/** An older legacy token lives on this long; a stable one is renewed when less than this is left. */
export const TOKEN_GRACE_MS = 300_000
export const FORCE_REFRESH_SPACING_MS = 30_000
const KEPT_TOKENS = 200

const issue = (account: Account, kind: IssuedToken['kind'], now: number) => {
  const issued: IssuedToken = { appId: account.appId, kind, token: newAccessToken(), issuedAt: now, expiresAt: now + TOKEN_LIFETIME_MS }
  pushBounded(account.tokens, issued, KEPT_TOKENS)
  return issued
}

const current = (account: Account, kind: IssuedToken['kind']) => account.tokens.findLast((issued) => issued.kind === kind)

export const issueLegacyToken = (account: Account, now: number) => {
  const previous = current(account, 'legacy')
  if (previous) previous.supersededAt ??= now + TOKEN_GRACE_MS
  return issue(account, 'legacy', now)
}

const isUsable = (issued: IssuedToken, now: number) => issued.expiresAt > now && (issued.supersededAt ?? Infinity) > now

export const issueStableToken = (account: Account, now: number, force: boolean) => {
  const previous = current(account, 'stable')
  if (previous && force) previous.supersededAt = now
  if (previous && !force && isUsable(previous, now) && previous.expiresAt - now >= TOKEN_GRACE_MS) return previous
  return issue(account, 'stable', now)
}

/** 42001 expired, 40001 replaced or never issued, 40014 not even shaped like a token. */
export type TokenCheck = { account: Account } | { errcode: 40001 | 40014 | 42001 }

export const checkToken = (accounts: Iterable<Account>, token: string, now: number): TokenCheck => {
  if (!/^[\w-]{40,512}$/.test(token)) return { errcode: 40014 }
  for (const account of accounts) {
    const issued = account.tokens.find((candidate) => candidate.token === token)
    if (!issued) continue
    if ((issued.supersededAt ?? Infinity) <= now) return { errcode: 40001 }
    return issued.expiresAt <= now ? { errcode: 42001 } : { account }
  }
  return { errcode: 40001 }
}

/** Ends the life of every token at once, as a changed secret or a revocation does. */
export const expireTokens = (account: Account, how: 'expired' | 'revoked', now: number) => {
  for (const issued of account.tokens) {
    if (how === 'expired') issued.expiresAt = Math.min(issued.expiresAt, now)
    else issued.supersededAt = now
  }
}

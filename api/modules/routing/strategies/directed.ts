import type { Strategy } from './strategy.ts'

/** 定向: the people whom the policy names, in this order; the next when the one before cannot take it now. */
export const directed: Strategy = {
  admits: ({ accountId }, { settings }) => settings.accountIds.includes(accountId),
  rank: ({ accountId }, { settings }) => settings.accountIds.indexOf(accountId),
  reason: ({ load }) => ({ code: 'directed', params: { open: load } }),
}

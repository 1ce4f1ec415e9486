import type { Strategy } from './strategy.ts'

/** 最少会话 (BP-015.4): whoever has the least to do. Also what the house does without any policy. */
export const leastOpen: Strategy = {
  rank: ({ load }) => load,
  reason: ({ load }) => ({ code: 'least_open', params: { open: load } }),
}

import type { Strategy } from './strategy.ts'

/** 轮询 (BP-015.3): whose last turn is longest ago, however much he has. Who was full or away when his turn came is next when he is back. */
export const roundRobin: Strategy = {
  rank: ({ lastAssigned }) => lastAssigned,
  reason: ({ load }) => ({ code: 'round_robin', params: { open: load } }),
}

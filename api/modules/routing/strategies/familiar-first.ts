import type { Question, Standing, Strategy } from './strategy.ts'

const DAY_MS = 86_400_000

/** When he last served this customer within the days that count; null: his regular customer, -Infinity: a stranger. */
function knownSince(agent: Standing, { wanted, settings, now }: Question): number | null {
  const known = wanted.familiar.find(({ accountId }) => accountId === agent.accountId)
  if (!known) return -Infinity
  if (known.servedAt === null) return null
  return now - known.servedAt <= settings.familiarDays * DAY_MS ? known.servedAt : -Infinity
}

/**
 * 熟客优先 (BP-015 §2): whoever served this customer last; then the agent whose regular customer it is; strangers after both, the one with the least to do
 * first, so that nobody waits for a face he knows.
 */
export const familiarFirst: Strategy = {
  rank(agent, question) {
    const known = knownSince(agent, question)
    if (known === null) return 0
    return known === -Infinity ? Infinity : -known
  },
  reason(agent, question) {
    const known = knownSince(agent, question)
    if (known === null) return { code: 'regular_customer', params: { open: agent.load } }
    if (known === -Infinity) return { code: 'least_open', params: { open: agent.load } }
    return { code: 'familiar', params: { days: Math.max(0, Math.floor((question.now - known) / DAY_MS)), open: agent.load } }
  },
}

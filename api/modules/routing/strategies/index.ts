import type { StrategyCode } from '../../../contract/routing.ts'
import { directed } from './directed.ts'
import { familiarFirst } from './familiar-first.ts'
import { leastOpen } from './least-open.ts'
import { roundRobin } from './round-robin.ts'
import { skillMatch } from './skill-match.ts'
import type { Strategy } from './strategy.ts'
import { weighted } from './weighted.ts'

/** A new strategy is a file beside these and a line here; policies name it by this code. */
export const strategies: Record<StrategyCode, Strategy> = {
  round_robin: roundRobin,
  least_open: leastOpen,
  skill_match: skillMatch,
  weighted,
  familiar_first: familiarFirst,
  directed,
}

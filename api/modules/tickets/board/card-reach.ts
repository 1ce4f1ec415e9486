/** How far into a cell its first cards are looked for: so that a few are sorted, not all that a column holds. */
import { PRIORITIES } from '../../../contract/priority.ts'

interface CellFigures {
  count: number
  urgent: number
  high: number
  normal: number
  /** Of these ages and younger. */
  day: number
  three: number
  week: number
  oldest: Date
}

/** What is more urgent than `rank`, and of this priority what is there since `until` or longer. */
export interface Reach {
  rank: number
  until: string
}

/** Ages are not spread evenly; a few more cost nothing. */
const SPARE = 16
const DAY_MS = 86_400_000

/**
 * What should be enough for so many cards. It is a guess from the ages of the whole cell: whether it was enough is to be seen from what comes.
 */
export function reachFor({ count, urgent, high, normal, ...ages }: CellFigures, most: number, now: Date): Reach {
  const upTo = [urgent, high, normal, count]
  const rank =
    Math.max(
      0,
      upTo.findIndex((found) => found >= most),
    ) + 1
  if (count < most) return { rank: PRIORITIES.length, until: 'infinity' }
  const above = upTo[rank - 2] ?? 0
  const there = (upTo[rank - 1] ?? 0) - above
  return { rank, until: sinceOf(((most - above) * SPARE) / there, { count, ...ages }, now) }
}

/**
 * Since when a ticket has to be there to be within one of these reaches: for each priority, the most urgent first.
 * @param reaches each with the one priority that its cell has, null where it has all
 */
export function furthest(reaches: readonly { reach: Reach; only: number | null }[]): string[] {
  return PRIORITIES.map((_, index) => {
    const own = index + 1
    const untils = reaches
      .filter(({ reach, only }) => reach.rank >= own && (only === null || only === own))
      .map(({ reach }) => (reach.rank > own ? 'infinity' : reach.until))
    return untils.includes('infinity') ? 'infinity' : (untils.sort().at(-1) ?? '-infinity')
  })
}

/** Since when the oldest share of a cell is there. */
function sinceOf(share: number, { count, day, three, week, oldest }: Omit<CellFigures, 'urgent' | 'high' | 'normal'>, now: Date): string {
  if (share >= 1) return 'infinity'
  const daysAgo = (days: number) => now.getTime() - days * DAY_MS
  const steps = [
    { from: oldest.getTime(), to: daysAgo(7), held: count - week },
    { from: daysAgo(7), to: daysAgo(3), held: week - three },
    { from: daysAgo(3), to: daysAgo(1), held: three - day },
    { from: daysAgo(1), to: now.getTime(), held: day },
  ]
  let left = share * count
  for (const { from, to, held } of steps) {
    const start = Math.max(from, oldest.getTime())
    // The longer ago, the fewer are still there: by the root rather than in proportion.
    if (left <= held) return new Date(start + Math.max(0, to - start) * Math.sqrt(left / Math.max(1, held))).toISOString()
    left -= held
  }
  return 'infinity'
}

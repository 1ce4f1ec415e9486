/** "Why this due time": the calculation, line by line, as somebody would do it with a calendar in his hand (BP-006.2). Pure. */
import type { SlaLine } from '../../../contract/sla.ts'
import type { Counting } from './counting.ts'

/** What a person reads. */
const SHOWN = 60
/** Two years of office hours; a clock beyond them is explained up to there. */
const MOST = 2000

interface Line {
  kind: SlaLine['kind']
  from: Date
  until: Date
}

/**
 * From the beginning of the clock to `until`: stretches that count, hours closed, pauses. Every line moves on, and there are at most `MOST` of them.
 * @param until the end of the clock, else its due moment, else now
 * @returns the first and the last lines; `moreLines` between them are left out, and are in the totals
 */
export function explain(counting: Counting, until: Date): { lines: SlaLine[]; moreLines: number } {
  const lines = withTotals(allLines(counting, until))
  if (lines.length <= SHOWN) return { lines, moreLines: 0 }
  return { lines: [...lines.slice(0, SHOWN / 2), ...lines.slice(-SHOWN / 2)], moreLines: lines.length - SHOWN }
}

function allLines({ time, startedAt, breaks, pausedAt }: Counting, until: Date): Line[] {
  const found: Line[] = []
  let from = startedAt
  const upTo = (end: Date) => {
    while (from < end && found.length < MOST) {
      const open = time.isOpen(from)
      const next = (open ? time.nextClosing(from) : time.nextOpening(from)) ?? end
      const stop = next < end ? next : end
      found.push({ kind: open ? 'counted' : 'closed', from, until: stop })
      from = stop
    }
  }
  for (const [pause, resume] of pausedAt === null ? breaks : [...breaks, [pausedAt, until] as const]) {
    if (pause >= until || found.length >= MOST) break
    upTo(pause)
    const end = resume < until ? resume : until
    if (end > from) found.push({ kind: 'paused', from: pause > from ? pause : from, until: end })
    if (end > from) from = end
  }
  upTo(until)
  return found
}

function withTotals(lines: readonly Line[]): SlaLine[] {
  let total = 0
  return lines.map(({ kind, from, until }) => {
    const ms = kind === 'counted' ? until.getTime() - from.getTime() : 0
    total += ms
    return {
      kind,
      from: from.toISOString(),
      until: until.toISOString(),
      countedSeconds: Math.round(ms / 1000),
      totalSeconds: Math.round(total / 1000),
    }
  })
}

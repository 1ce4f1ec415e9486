/** Rules that make a ticket rise by itself (BP-006.8): a rung of the ladder, the third reopening, the second urge. */
import { z } from 'zod'
import { ESCALATION_RULES } from '../../../contract/sla.ts'
import type { Ctx, SystemActor } from '../../../core/context.ts'
import type { Listener } from '../../../core/events/domain-events.ts'
import { TicketRow } from '../model.ts'
import { isOver } from '../states.ts'
import { pathOf, rise } from './escalate.ts'
import { ESCALATION_DUE, type Rule } from './escalate-soon.ts'
import { type LevelRow, loadLevels } from './levels.ts'
import { nextLevel } from './next-level.ts'

const due = z.object({
  level: z.number(),
  rule: z.object({ code: z.enum(ESCALATION_RULES), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
})
const moved = z.object({ reopened: z.boolean().default(false) })

interface Wish {
  level: number
  rule: Rule
}

/** The highest level whose rule holds for this ticket. */
function byCount(levels: readonly LevelRow[], rule: 'reopenings' | 'urges', count: number): Wish | null {
  const met = levels.filter((level) => level[rule] !== null && count >= level[rule]).at(-1)
  return met ? { level: met.level, rule: { code: rule === 'urges' ? 'urged' : 'reopened', params: { count } } } : null
}

/** What is there already, over, or cannot rise any more stays: a rule asks, it does not insist. */
async function riseByRule(
  ctx: Ctx<SystemActor>,
  ticketId: string,
  wishOf: (row: TicketRow, levels: readonly LevelRow[]) => Wish | null,
): Promise<void> {
  const row = await TicketRow.query(ctx.trx).findById(ticketId).forNoKeyUpdate()
  if (!row || row.merged_into !== null || isOver(row.status)) return
  const levels = await loadLevels(ctx)
  const wish = wishOf(row, levels)
  if (wish === null || wish.level <= row.escalation_level) return
  const found = nextLevel(levels, await pathOf(ctx, row), { atLeast: wish.level })
  if ('target' in found) await rise(ctx, row, { target: found.target, cause: { reason: null, rule: wish.rule } })
}

export const escalationListeners: readonly Listener[] = [
  {
    name: 'tickets.escalate-by-ladder',
    on: [ESCALATION_DUE],
    handle: (ctx, event) => riseByRule(ctx, event.subjectId, () => due.parse(event.payload)),
  },
  {
    name: 'tickets.escalate-reopened',
    on: ['ticket.moved'],
    async handle(ctx, event) {
      if (moved.parse(event.payload).reopened)
        await riseByRule(ctx, event.subjectId, (row, levels) => byCount(levels, 'reopenings', row.reopened_count))
    },
  },
  {
    name: 'tickets.escalate-urged',
    on: ['ticket.urged'],
    handle: (ctx, event) => riseByRule(ctx, event.subjectId, (row, levels) => byCount(levels, 'urges', row.urges)),
  },
]

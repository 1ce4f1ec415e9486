/** A queue that is full (BP-015.7). */
import { z } from 'zod'
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import type { Rule, Rules } from './rules.ts'

export interface Place {
  teamId: string | null
  /** Teams it came through. */
  passed: string[]
  action: 'form' | 'bot' | null
}

const lengthRows = z.object({
  rows: z.array(z.object({ work_kind: z.string(), team_id: z.string().nullable(), waiting: z.coerce.number() })),
})
const keyOf = (kind: WorkKind, teamId: string | null): string => `${kind} ${teamId ?? ''}`

/**
 * Where each goes in fact: on from a queue that is full, as its rules say. A chain ends where there is room, where it would come back to a queue it was in,
 * and where a queue has no overflow to a team: then it waits there all the same, or is offered the form or the bot's words.
 */
export async function overflowing(
  ctx: Pick<Ctx, 'trx'>,
  rules: Rules,
  wanted: readonly { kind: WorkKind; teamId: string | null; stays: boolean }[],
): Promise<Place[]> {
  const limited = wanted.some(({ kind, teamId, stays }) => !stays && kind === 'conversation' && rules.of(teamId).max_waiting !== null)
  if (!limited) return wanted.map(({ teamId }) => ({ teamId, passed: [], action: null }))
  const lengths = await queueLengths(ctx)
  return wanted.map(({ kind, teamId, stays }) => {
    // A ticket waits where it was put: nobody sits at its other end.
    if (kind !== 'conversation') return { teamId, passed: [], action: null }
    const place = stays ? { teamId, passed: [], action: null } : placeFor(rules, teamId, (team) => lengths.get(keyOf(kind, team)) ?? 0)
    const key = keyOf(kind, place.teamId)
    lengths.set(key, (lengths.get(key) ?? 0) + 1)
    return place
  })
}

/** What a queue's rules say of being full. */
export type Hop = Pick<Rule, 'max_waiting' | 'overflow' | 'overflow_team_id'>

/** Pure: follows the overflow from queue to queue. */
export function placeFor(
  rules: { of(teamId: string | null): Hop },
  teamId: string | null,
  lengthOf: (teamId: string | null) => number,
): Place {
  const passed: string[] = []
  const seen = new Set<string | null>()
  for (let here = teamId; ;) {
    const rule = rules.of(here)
    if (rule.max_waiting === null || lengthOf(here) < rule.max_waiting) return { teamId: here, passed, action: null }
    seen.add(here)
    if (rule.overflow === 'form' || rule.overflow === 'bot') return { teamId: here, passed, action: rule.overflow }
    const next = rule.overflow_team_id
    if (next === null || seen.has(next)) return { teamId: here, passed, action: null }
    if (here !== null) passed.push(here)
    here = next
  }
}

async function queueLengths(ctx: Pick<Ctx, 'trx'>): Promise<Map<string, number>> {
  const answer: unknown = await ctx.trx.raw(
    'select work_kind, team_id, count(*) as waiting from queue_entries where left_at is null group by work_kind, team_id',
  )
  return new Map(lengthRows.parse(answer).rows.map((row) => [`${row.work_kind} ${row.team_id ?? ''}`, row.waiting]))
}

import type { z } from 'zod'
import {
  ASSIGNMENT_OUTCOMES,
  type AssignmentOutcome,
  type AssignmentResult,
  type AssignmentRow,
  type assignmentPreviewRequest,
} from '../../../contract/supervision.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { scopeOf } from '../scope.ts'
import { judge } from './judge.ts'
import { type LoadedTarget, loadFacts, loadTarget } from './load.ts'

/** What would happen, row by row, and nothing does (BP-012.6). */
export async function previewAssignment(
  ctx: Ctx<StaffActor>,
  { items, to, force }: z.output<typeof assignmentPreviewRequest>,
): Promise<AssignmentResult> {
  const scope = await scopeOf(ctx)
  const loaded = await loadTarget(ctx, scope, to)
  const facts = await loadFacts(
    ctx,
    scope,
    items.map(({ id }) => id),
  )
  return resultOf(judge(items, facts, loaded.target, force), loaded)
}

export function resultOf(rows: AssignmentRow[], { target, status }: LoadedTarget): AssignmentResult {
  const moved = rows.filter(({ outcome }) => outcome === 'moves').length
  const agent =
    target.kind === 'agent' && status !== null
      ? { account: target.account, status, load: target.load, loadAfter: target.load + moved, capacity: target.capacity }
      : null
  return { rows, counts: countOutcomes(rows), agent }
}

export function countOutcomes(rows: readonly AssignmentRow[]): Record<AssignmentOutcome, number> {
  const counts: Record<AssignmentOutcome, number> = {
    moves: 0,
    queues: 0,
    same_owner: 0,
    closed: 0,
    changed_meanwhile: 0,
    over_capacity: 0,
    team_closed: 0,
    not_found: 0,
  }
  for (const outcome of ASSIGNMENT_OUTCOMES) counts[outcome] = rows.filter((row) => row.outcome === outcome).length
  return counts
}

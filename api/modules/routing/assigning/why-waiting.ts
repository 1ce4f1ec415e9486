/** Why work waits though somebody might have time: in the words of the very decision that leaves it where it is, without a lock or a write. */
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { lastWaits } from '../queue/next-waiting.ts'
import { jobsOf } from './claim-agents.ts'
import { decide, exclusionOf, type Field, type Job } from './decide.ts'

/** `team_full`: those who have time are in a team that may take no more. */
export type Held = { code: 'waits_for_policy'; policy: string } | { code: 'team_full' }

/**
 * By work; what is missing could be given to somebody now, or waits for somebody to come. The same few statements for one as for a hundred.
 * @param field of this kind, of everybody or of those online
 */
export async function whyWaiting(
  ctx: Pick<Ctx, 'app' | 'trx' | 'now'>,
  { kind, workIds, field }: { kind: WorkKind; workIds: readonly string[]; field: Field },
): Promise<Map<string, Held>> {
  if (workIds.length === 0) return new Map()
  const jobs = await jobsOf(ctx, kind, field, await lastWaits(ctx, kind, workIds))
  return new Map(
    jobs.flatMap((job) => {
      const held = heldBy(field, job)
      return held ? [[job.workId, held] as const] : []
    }),
  )
}

function heldBy(field: Field, job: Job): Held | null {
  const decision = decide(field, job)
  if (decision.agent) return null
  if (decision.policy) return { code: 'waits_for_policy', policy: decision.policy.name }
  return field.candidates.some((agent) => exclusionOf(field, job, agent) === 'team_at_capacity') ? { code: 'team_full' } : null
}

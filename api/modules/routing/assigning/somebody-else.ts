/** Whether what somebody holds could go to another: by the very decision that would be made, without a lock or a write. */
import type { WorkKind } from '../../../contract/routing.ts'
import type { Ctx } from '../../../core/context.ts'
import { lastWaits } from '../queue/next-waiting.ts'
import { jobsOf } from './claim-agents.ts'
import { decide, take } from './decide.ts'
import { loadField } from './load-field.ts'

/**
 * Of work that is held, that for which there is somebody with room who has not let it pass yet; each of them counts for as much as he has room for. The same
 * few statements for one as for a hundred.
 * @param held by id of the work, who has it
 */
export async function somebodyElseFor(
  ctx: Pick<Ctx, 'app' | 'trx' | 'now'>,
  kind: WorkKind,
  held: ReadonlyMap<string, string>,
): Promise<Set<string>> {
  const found = new Set<string>()
  if (held.size === 0) return found
  const field = await loadField(ctx, { kind })
  const waits = await lastWaits(ctx, kind, [...held.keys()])
  for (const job of await jobsOf(ctx, kind, field, waits)) {
    const asked = new Set([...job.passedBy, held.get(job.workId)])
    const fresh = field.candidates.filter(({ accountId }) => !asked.has(accountId))
    const decision = decide({ ...field, candidates: fresh }, { ...job, passedBy: [] })
    if (!decision.agent) continue
    take(field, decision.agent, decision.agent.lastAssigned)
    found.add(job.workId)
  }
  return found
}

/** Who registered by a link that leads to a team is that team's customer from then on (BP-001.1). */
import { RELATION_RANKS } from '../../../contract/relation.ts'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { refusedBy } from '../database-errors.ts'
import { TeamRow } from '../model.ts'
import { rememberChange, relationFacts } from './history.ts'
import { selectRelations, today } from './policy.ts'
import { objectOf } from './write-relations.ts'

const OVERLAPS = new Set(['service_relations_one_primary', 'service_relations_once'])

/** First, where nobody else serves him first; else beside the others. Changes nothing when the team serves him already, or is disabled. */
export async function relateInvited(ctx: Ctx, invited: { customerId: string; teamId: string; by: string }): Promise<void> {
  const team = await TeamRow.query(ctx.trx).findById(invited.teamId).forShare()
  if (team?.status !== 'active') return
  const day = await today(ctx)
  for (const rank of RELATION_RANKS) {
    const id = await tried(ctx, { ...invited, rank, day })
    if (id === null) continue
    const row = await selectRelations(ctx).where('r.id', id).first().throwIfNotFound()
    await rememberChange(ctx, { relation: row, action: 'created', before: null, after: relationFacts(row) })
    await record(ctx, {
      action: 'relation.created',
      object: objectOf(row),
      after: { subject: { kind: 'customer', id: invited.customerId }, ...relationFacts(row) },
      context: { invitedBy: invited.by },
    })
    return
  }
}

type Wanted = { customerId: string; teamId: string; by: string; rank: (typeof RELATION_RANKS)[number]; day: string }

/** In a savepoint. @returns null when another relation stands in the way */
async function tried(ctx: Ctx, { customerId, teamId, by, rank, day }: Wanted): Promise<string | null> {
  const id = newId()
  const values = {
    id,
    customer_id: customerId,
    team_id: teamId,
    rank,
    valid_from: day,
    created_by: by,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  try {
    await ctx.trx.transaction(async (inner) => void (await inner('service_relations').insert(values)))
    return id
  } catch (error) {
    if (OVERLAPS.has(refusedBy(error) ?? '')) return null
    throw error
  }
}

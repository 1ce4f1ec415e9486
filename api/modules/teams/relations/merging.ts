/** When two customers become one, their relations meet: what cannot stand beside the other's gives way, and comes back when it is undone. */
import { z } from 'zod'
import { RELATION_RANKS } from '../../../contract/relation.ts'
import type { Ctx } from '../../../core/context.ts'
import type { Merging, MergingPair } from '../../customers/index.ts'
import { refusedBy } from '../database-errors.ts'
import { rememberChange } from './history.ts'
import { selectRelations } from './policy.ts'
import type { RelationRow } from './model.ts'

const OVERLAPS = new Set(['service_relations_one_primary', 'service_relations_once'])
export const MERGED = 'merged'

const doneSchema = z.array(z.object({ id: z.string(), rank: z.enum(RELATION_RANKS), outcome: z.enum(['moved', 'demoted', 'ended']) }))
type Done = z.infer<typeof doneSchema>

/** What a relation became because another stood in its place. */
const GAVE_WAY = { moved: {}, demoted: { rank: 'secondary' }, ended: { endReason: MERGED } } as const

async function tried(ctx: Ctx, id: string, values: Record<string, unknown>): Promise<boolean> {
  try {
    await ctx.trx.transaction((inner) =>
      inner('service_relations')
        .where({ id })
        .update({ ...values, version: inner.raw('version + 1'), updated_at: ctx.now }),
    )
    return true
  } catch (error) {
    if (OVERLAPS.has(refusedBy(error) ?? '')) return false
    throw error
  }
}

/** As it is; else as a secondary one; else ended, since the other has the same team already. */
async function move(ctx: Ctx, row: RelationRow, into: string): Promise<Done[number]> {
  const done = (outcome: Done[number]['outcome']) => ({ id: row.id, rank: row.rank, outcome })
  if (await tried(ctx, row.id, { customer_id: into })) return done('moved')
  if (row.rank === 'primary' && (await tried(ctx, row.id, { customer_id: into, rank: 'secondary' }))) return done('demoted')
  await tried(ctx, row.id, { customer_id: into, ended_at: ctx.now, end_reason: MERGED })
  return done('ended')
}

async function merge(ctx: Ctx, { from, into }: MergingPair): Promise<Done> {
  const rows = await selectRelations(ctx).where('r.customer_id', from).orderBy(['r.rank', 'r.id']).forUpdate()
  const done: Done = []
  for (const row of rows) {
    const moved = await move(ctx, row, into)
    done.push(moved)
    await rememberChange(ctx, {
      relation: row,
      action: 'moved',
      before: { customerId: from, ...(moved.outcome === 'demoted' ? { rank: row.rank } : {}) },
      after: { customerId: into, ...GAVE_WAY[moved.outcome] },
    })
  }
  return done
}

async function undo(ctx: Ctx, { from, into }: MergingPair, given: unknown): Promise<void> {
  for (const { id, rank, outcome } of doneSchema.parse(given)) {
    const row = await selectRelations(ctx).where({ 'r.id': id, 'r.customer_id': into }).first().forUpdate()
    if (!row) continue
    // What somebody decided since stays decided.
    const back = {
      ...(outcome === 'demoted' && row.rank === 'secondary' ? { rank } : {}),
      ...(outcome === 'ended' && row.end_reason === MERGED ? { ended_at: null, end_reason: null } : {}),
    }
    if (!(await tried(ctx, id, { customer_id: from, ...back })))
      await tried(ctx, id, { customer_id: from, ended_at: ctx.now, end_reason: MERGED })
    await rememberChange(ctx, { relation: row, action: 'moved_back', before: { customerId: into }, after: { customerId: from } })
  }
}

export const relationsMerging: Merging = {
  kind: 'relations',
  count: (ctx, customerId) => selectRelations(ctx).where('r.customer_id', customerId).whereNull('r.ended_at').resultSize(),
  merge,
  undo,
}

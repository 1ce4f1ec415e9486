import type { MergePreview } from '../../../contract/merge.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { customerFor } from '../policy.ts'
import { presentCustomer } from '../present.ts'
import { labelsOf } from './labels.ts'
import { movers } from './own-rows.ts'
import { sidesOf, type Value } from './values.ts'

/** Both sides of a merge before it is done. @throws NotFound when the reader may not see both; Invalid for one and the same */
export async function previewMerge(ctx: Ctx<StaffActor>, intoId: string, fromId: string): Promise<MergePreview> {
  if (intoId === fromId) throw new Invalid('invalid_request', 'a customer cannot be merged with himself')
  const [into, from] = [await customerFor(ctx, intoId), await customerFor(ctx, fromId)]
  const sides = sidesOf(into, from)
  const labels = await labelsOf(
    ctx,
    sides.flatMap(({ field, into: ours, from: theirs }) => [
      { field, value: ours },
      { field, value: theirs },
    ]),
  )
  const labelled = (field: string, value: Value) => ({ value, label: labels.get(`${field} ${String(value)}`) ?? null })
  const moves: MergePreview['moves'] = []
  for (const mover of movers(ctx)) moves.push({ kind: mover.kind, count: await mover.count(ctx, from.id) })
  return {
    into: await presentCustomer(ctx, into),
    from: await presentCustomer(ctx, from),
    fields: sides.map(({ field, into: ours, from: theirs, conflict, suggested }) => ({
      field,
      into: labelled(field, ours),
      from: labelled(field, theirs),
      conflict,
      suggested,
    })),
    moves,
  }
}

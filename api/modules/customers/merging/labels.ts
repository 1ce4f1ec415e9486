/** What ids among merged values are called. */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import type { Value } from './values.ts'

const TABLE_OF: Readonly<Record<string, { table: string; name: string }>> = {
  institutionId: { table: 'institutions', name: 'name' },
  ownerId: { table: 'accounts', name: 'name' },
  levelId: { table: 'dictionary_entries', name: 'label_zh' },
  regionId: { table: 'dictionary_entries', name: 'label_zh' },
}
const rows = z.array(z.object({ id: z.string(), name: z.string() }))

/** By `field value`; at most one query a field. */
export async function labelsOf(ctx: Ctx, values: readonly { field: string; value: Value }[]): Promise<Map<string, string>> {
  const labels = new Map<string, string>()
  for (const [field, { table, name }] of Object.entries(TABLE_OF)) {
    const wanted = values.flatMap((one) => (one.field === field && typeof one.value === 'string' ? [one.value] : []))
    if (wanted.length === 0) continue
    const found: unknown = await ctx.trx(table).whereIn('id', wanted).select('id', { name })
    for (const row of rows.parse(found)) labels.set(`${field} ${row.id}`, row.name)
  }
  return labels
}

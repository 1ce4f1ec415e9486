import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const TABLES: Partial<Record<Dictionary, { table: string; column: string }>> = {
  skill: { table: 'staff_skills', column: 'skill_id' },
  language: { table: 'staff_languages', column: 'language_id' },
  job_title: { table: 'staff_profiles', column: 'title_id' },
}
const counted = z.array(z.object({ id: z.string(), uses: z.coerce.number() }))

/** How many members of staff have each skill, language or title. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string }[],
): Promise<ReadonlyMap<string, number>> {
  const place = TABLES[dictionary]
  if (!place || entries.length === 0) return new Map()
  const rows = await ctx
    .trx(place.table)
    .whereIn(
      place.column,
      entries.map(({ id }) => id),
    )
    .groupBy(place.column)
    .select(`${place.column} as id`)
    .count('* as uses')
  return new Map(counted.parse(rows).map(({ id, uses }) => [id, uses]))
}

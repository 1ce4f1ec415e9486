import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const rows = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

/** Types name a business; their forms hold entries of whatever dictionary a field offers. */
export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string; code: string }[],
): Promise<ReadonlyMap<string, number>> {
  const ids = entries.map(({ id }) => id)
  const inForms = `select y.id as type_id, f ->> 'key' as key from ticket_types y, jsonb_array_elements(y.fields) f where f ->> 'dictionary' = :dictionary`
  const answer: unknown = await ctx.trx.raw(
    `select id, sum(uses) as uses from (
       select business_type_id as id, count(*) as uses from ticket_types where business_type_id = any(:ids::uuid[]) group by 1
       union all
       select (t.fields ->> k.key)::uuid, count(*) from (${inForms}) k join tickets t on t.type_id = k.type_id
       where t.fields ->> k.key = any(:words::text[]) group by 1) u group by id`,
    { ids, words: ids, dictionary },
  )
  return new Map(rows.parse(answer).rows.map((row) => [row.id, row.uses]))
}

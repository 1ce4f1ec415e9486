/** Which entries of the dictionaries customers and institutions refer to. */
import { z } from 'zod'
import type { Dictionary } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'

const COLUMNS: Partial<Record<Dictionary, readonly [table: string, column: string][]>> = {
  customer_level: [['customers', 'level_id']],
  region: [
    ['customers', 'region_id'],
    ['institutions', 'region_id'],
  ],
  institution_type: [['institutions', 'type_id']],
}
const FIELDS: Partial<Record<Dictionary, string>> = { customer_field: 'customers', institution_field: 'institutions' }
/** "Often" is enough to know. */
const CAP = 10_000

const counts = z.object({ rows: z.array(z.object({ id: z.string(), uses: z.coerce.number() })) })

export async function dictionaryUses(
  ctx: Ctx,
  dictionary: Dictionary,
  entries: readonly { id: string; code: string }[],
): Promise<ReadonlyMap<string, number>> {
  const table = FIELDS[dictionary]
  const tests =
    table === undefined
      ? (COLUMNS[dictionary] ?? []).map(([from, column]) => `select 1 from ${from} where ${column} = e.id`)
      : [`select 1 from ${table} where fields ? e.code`]
  if (tests.length === 0 || entries.length === 0) return new Map()
  const sum = tests.map((test) => `(select count(*) from (${test} limit ${CAP}) n)`).join(' + ')
  const { rows } = counts.parse(
    await ctx.trx.raw(`select e.id, ${sum.replaceAll('?', '\\?')} as uses from json_to_recordset(?::json) as e(id uuid, code text)`, [
      JSON.stringify(entries.map(({ id, code }) => ({ id, code }))),
    ]),
  )
  return new Map(rows.map((row) => [row.id, row.uses]))
}

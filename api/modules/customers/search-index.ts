/**
 * What makes people and institutions findable. Whoever knows all names of a row writes its terms with it; the taking-in of messages and the
 * profiles of channels leave them empty, and `indexNames` fills them in behind the path that everybody waits for.
 */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { searchTerms, sortKey } from './names.ts'

const BATCH = 500
const due = z.object({ rows: z.array(z.object({ id: z.string(), name: z.string().nullable(), remark_name: z.string().nullable() })) })

export const indexedNames = (trx: Knex, shown: string | null, names: readonly (string | null)[]) => ({
  name_search: trx.raw('array_to_tsvector(?::text[])', [searchTerms(names)]),
  name_sort: sortKey(shown),
})

/** To be written where only one of the names is at hand; the worker does the rest. */
export const UNINDEXED = { name_search: null, name_sort: null } as const

/** Makes the terms of whoever has none yet; several processes share the work. */
export async function indexNames(app: App): Promise<void> {
  for (;;) {
    const done = await app.db.transaction(indexSome)
    if (done < BATCH) return
  }
}

async function indexSome(trx: Knex): Promise<number> {
  const { rows } = due.parse(
    await trx.raw(
      `select id, name, remark_name from customers where name_search is null and (name is not null or remark_name is not null)
       limit ? for no key update skip locked`,
      [BATCH],
    ),
  )
  if (rows.length === 0) return 0
  const made = rows.map(({ id, name, remark_name }) => ({
    id,
    terms: searchTerms([remark_name, name]),
    sort: sortKey(remark_name ?? name),
  }))
  await trx.raw(
    `update customers c set name_search = array_to_tsvector(t.terms), name_sort = t.sort
     from json_to_recordset(?::json) as t(id uuid, terms text[], sort text) where c.id = t.id`,
    [JSON.stringify(made)],
  )
  return rows.length
}

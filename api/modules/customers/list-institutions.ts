import type { Knex } from 'knex'
import { z } from 'zod'
import type { Institution, institutionListQuery, ListedInstitution } from '../../contract/institution.ts'
import type { Ctx } from '../../core/context.ts'
import { cursorTime, decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { fromOutside } from '../../core/request-shape.ts'
import { InstitutionRow } from './model.ts'
import { searchQuery } from './names.ts'
import { momentOf } from './timeline.ts'

const SORTS = {
  name: { column: 'o.name_sort', key: 'o.name_sort', cast: 'text', direction: 'asc', cursor: z.string() },
  created: { column: 'o.created_at', key: momentOf('o.created_at'), cast: 'timestamptz', direction: 'desc', cursor: cursorTime },
} as const
const COUNT_CAP = 10_000

const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))
type Query = z.infer<typeof institutionListQuery>

export async function listInstitutions(ctx: Ctx, query: Query): Promise<{ data: ListedInstitution[]; nextCursor: string | null }> {
  const sort = SORTS[query.sort]
  const place = decodeCursor(query.cursor)
  const after = place && { key: fromOutside<string>(sort.cursor, place.key), id: place.id }
  const keys = keyed.parse(
    await ctx
      .trx('institutions as o')
      .select('o.id', ctx.trx.raw(`${sort.key} as sort_key`))
      .modify((builder) => {
        filter(builder, query)
        if (after)
          void builder.whereRaw(`(${sort.column}, o.id) ${sort.direction === 'desc' ? '<' : '>'} (?::${sort.cast}, ?::uuid)`, [
            after.key,
            after.id,
          ])
      })
      .orderByRaw(`${sort.column} ${sort.direction}, o.id ${sort.direction}`)
      .limit(query.limit + 1),
  )
  const shown = keys.slice(0, query.limit)
  const last = keys.length > query.limit ? shown.at(-1) : undefined
  const data = await presentListed(
    ctx,
    shown.map(({ id }) => id),
  )
  return { data, nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

function filter(builder: Knex.QueryBuilder, { q, typeId, regionId, parentId, archived }: Query): void {
  void builder.whereRaw(archived === 'true' ? 'o.archived_at is not null' : 'o.archived_at is null')
  if (typeId) void builder.where('o.type_id', typeId)
  if (regionId) void builder.where('o.region_id', regionId)
  if (parentId) void builder.where('o.parent_id', parentId)
  if (q === undefined || q.trim() === '') return
  const words = searchQuery(q)
  void (words === null ? builder.whereRaw('false') : builder.whereRaw('o.name_search @@ ?::tsquery', [words]))
}

const linked = z.array(
  z.object({
    id: z.string(),
    parent_name: z.string().nullable(),
    contact_name: z.string().nullable(),
    contacts: z.coerce.number(),
  }),
)

/** In the order of `ids`, in two statements. */
export async function presentListed(ctx: Ctx, ids: readonly string[]): Promise<ListedInstitution[]> {
  const rows = await InstitutionRow.query(ctx.trx).whereIn('id', [...ids])
  const links = linked.parse(
    await ctx
      .trx('institutions as o')
      .leftJoin('institutions as p', 'p.id', 'o.parent_id')
      .leftJoin('customers as c', 'c.id', 'o.primary_contact_id')
      .select(
        'o.id',
        'p.name as parent_name',
        ctx.trx.raw('coalesce(c.remark_name, c.name) as contact_name'),
        ctx.trx.raw(
          `(select count(*) from (select 1 from customers m where m.institution_id = o.id and m.archived_at is null
              and m.merged_into_id is null limit ?) n) as contacts`,
          [COUNT_CAP],
        ),
      )
      .whereIn('o.id', [...ids]),
  )
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const linksOf = new Map(links.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const [row, names] = [rowOf.get(id), linksOf.get(id)]
    return row && names ? [{ ...presentInstitution(row, names), contacts: names.contacts }] : []
  })
}

function presentInstitution(row: InstitutionRow, names: { parent_name: string | null; contact_name: string | null }): Institution {
  return {
    id: row.id,
    name: row.name,
    typeId: row.type_id,
    regionId: row.region_id,
    parent: row.parent_id !== null && names.parent_name !== null ? { id: row.parent_id, name: names.parent_name } : null,
    primaryContact: row.primary_contact_id === null ? null : { id: row.primary_contact_id, name: names.contact_name },
    address: row.address,
    note: row.note,
    fields: row.fields,
    archivedAt: row.archived_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

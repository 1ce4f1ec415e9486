/** Who works here, a page at a time: what pickers choose from. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Staff, staffQuery } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Account } from './model.ts'
import { presentStaff } from './present.ts'

type Query = z.output<typeof staffQuery>

const SPOKEN = `left(coalesce(a.name_spoken, a.name), 60) collate "C"`
const keyed = z.array(z.object({ id: z.string(), sort_key: z.string() }))

/** Everybody is named; what else is told, and the search by user name, is of those whom the reader reaches. */
export async function listColleagues(ctx: Ctx<StaffActor>, query: Query): Promise<{ data: Staff[]; nextCursor: string | null }> {
  const after = decodeCursor(query.cursor)
  const reach = await ctx.app.hooks.only('staff.reach')(ctx)
  const found = keyed.parse(
    await ctx
      .trx('accounts as a')
      .where('a.kind', 'staff')
      .select('a.id', ctx.trx.raw(`${SPOKEN} as sort_key`))
      .modify((builder) => {
        if (query.ids) void builder.whereIn('a.id', query.ids)
        if (query.status) void builder.where('a.status', query.status)
        search(builder, query.q ?? '', reach)
        if (after) void builder.whereRaw(`(${SPOKEN}, a.id) > (?::text, ?::uuid)`, [after.key, after.id])
      })
      .orderByRaw(`${SPOKEN}, a.id`)
      .limit(query.limit + 1),
  )
  const shown = found.slice(0, query.limit)
  const last = found.length > query.limit ? shown.at(-1) : undefined
  const accounts = await Account.query(ctx.trx).findByIds(shown.map(({ id }) => id))
  const byId = new Map(accounts.map((account) => [account.id, account]))
  return {
    data: await presentStaff(
      ctx,
      shown.flatMap(({ id }) => byId.get(id) ?? []),
      reach,
    ),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}

function search(builder: Knex.QueryBuilder, words: string, reach: readonly string[] | null): void {
  const text = words.trim()
  if (text === '') return
  const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  void builder.where((match) => {
    void match.whereILike('a.name', part).orWhereRaw(`replace(a.name_spoken, ' ', '') like ?`, [part.slice(1).toLowerCase()])
    void match.orWhere((own) => {
      void own.whereILike('a.username', part)
      if (reach !== null) void own.whereIn('a.id', [...reach])
    })
  })
}

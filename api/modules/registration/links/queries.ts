import { z } from 'zod'
import type { registrationLinkQuery, RegistrationUse } from '../../../contract/registration.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { SHOWN_NAME, tailOf } from '../../customers/index.ts'
import { LinkRow } from '../model.ts'
import { linkScope, withinScope } from './policy.ts'

interface Paged<T> {
  rows: T[]
  nextCursor: string | null
}

const STATE_CONDITIONS = {
  revoked: 'l.revoked_at is not null',
  used_up: 'l.revoked_at is null and l.uses >= l.max_uses',
  expired: 'l.revoked_at is null and l.uses < l.max_uses and l.expires_at <= app_now()',
  valid: 'l.revoked_at is null and l.uses < l.max_uses and l.expires_at > app_now()',
} as const

const page = <T extends { id: string; created_at: Date }>(rows: T[], limit: number): Paged<T> => {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit), nextCursor: last ? encodeCursor(last.created_at.toISOString(), last.id) : null }
}

/** Links within the reader's scope, the newest first. */
export async function listLinks(ctx: Ctx<StaffActor>, query: z.infer<typeof registrationLinkQuery>): Promise<Paged<LinkRow>> {
  const before = decodeTimeCursor(query.cursor)
  const scope = await linkScope(ctx)
  const rows = await LinkRow.query(ctx.trx)
    .alias('l')
    .modify((builder) => {
      withinScope(builder, scope)
      if (query.state) void builder.whereRaw(STATE_CONDITIONS[query.state])
      if (query.createdBy) void builder.where('l.created_by', query.createdBy)
      if (query.teamId) void builder.where('l.team_id', query.teamId)
      if (query.q) void builder.whereRaw('l.label ilike ?', [`%${query.q.replace(/[\\%_]/g, '\\$&')}%`])
      if (before) void builder.whereRaw(`(l.created_at, l.id) < (?::timestamptz, ?::uuid)`, [before.key, before.id])
    })
    .orderBy([
      { column: 'l.created_at', order: 'desc' },
      { column: 'l.id', order: 'desc' },
    ])
    .limit(query.limit + 1)
  return page(rows, query.limit)
}

const useRows = z.array(
  z.object({
    id: z.string(),
    is_new: z.boolean(),
    created_at: z.date(),
    customer_id: z.string(),
    name: z.string().nullable(),
    tail: z.string().nullable(),
  }),
)

/** Who registered with a link that the reader may see; names alone, whoever serves them. */
export async function listUses(
  ctx: Ctx,
  linkId: string,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ data: RegistrationUse[]; nextCursor: string | null }> {
  const before = decodeTimeCursor(query.cursor)
  const found = useRows.parse(
    await ctx
      .trx('registration_uses as u')
      .join('customers as c', 'c.id', 'u.customer_id')
      .select('u.id', 'u.is_new', 'u.created_at', 'u.customer_id')
      .select(ctx.trx.raw(`${SHOWN_NAME} as name`))
      .select(
        ctx.trx.raw(
          `(select right(i.value, 4) from customer_identities i where i.customer_id = c.id and i.kind = 'phone' limit 1) as tail`,
        ),
      )
      .where('u.link_id', linkId)
      .modify((builder) => {
        if (before) void builder.whereRaw(`(u.created_at, u.id) < (?::timestamptz, ?::uuid)`, [before.key, before.id])
      })
      .orderBy([
        { column: 'u.created_at', order: 'desc' },
        { column: 'u.id', order: 'desc' },
      ])
      .limit(query.limit + 1),
  )
  const { rows, nextCursor } = page(found, query.limit)
  return {
    data: rows.map((row) => ({
      id: row.id,
      customer: { id: row.customer_id, name: row.name, tail: row.tail ?? tailOf(row.customer_id) },
      isNew: row.is_new,
      at: row.created_at.toISOString(),
    })),
    nextCursor,
  }
}

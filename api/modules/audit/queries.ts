import type { Knex } from 'knex'
import type { QueryBuilder } from 'objection'
import { z } from 'zod'
import type { AuditEntry, AuditFilter } from '../../contract/audit.ts'
import { decodeTimeCursor, encodeCursor } from '../../core/cursor.ts'
import { AuditEntryRow } from './model.ts'

type Entries = QueryBuilder<AuditEntryRow>

function narrow(builder: Entries, filter: AuditFilter): void {
  if (filter.actorId) void builder.where('e.actor_id', filter.actorId)
  if (filter.objectKind) void builder.where('e.object_kind', filter.objectKind)
  if (filter.objectId) void builder.where('e.object_id', filter.objectId)
  if (filter.ip) void builder.where('e.ip', filter.ip)
  if (filter.from) void builder.where('e.occurred_at', '>=', filter.from)
  if (filter.until) void builder.where('e.occurred_at', '<', filter.until)
  // `customer.` means all that begins so; the contract allows letters, dots and underscores alone.
  if (filter.action?.endsWith('.')) void builder.where('e.action', 'like', `${filter.action.replaceAll('_', '\\_')}%`)
  else if (filter.action) void builder.where('e.action', filter.action)
}

const listed = (trx: Knex, filter: AuditFilter) =>
  AuditEntryRow.query(trx)
    .alias('e')
    .select('e.*', 'l.position')
    .leftJoin('audit_links as l', 'l.entry_id', 'e.id')
    .modify(narrow, filter)
    .orderBy([
      { column: 'e.occurred_at', order: 'desc' },
      { column: 'e.id', order: 'desc' },
    ])

const keyOf = (row: AuditEntryRow) => ({ key: row.occurred_at.toISOString(), id: row.id })

/** Newest first. */
export async function listEntries(
  trx: Knex,
  { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string | undefined },
): Promise<{ data: AuditEntry[]; nextCursor: string | null }> {
  const rows = await pageAfter(trx, filter, decodeTimeCursor(cursor), limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { data: rows.slice(0, limit).map(presentEntry), nextCursor: last ? encodeCursor(keyOf(last).key, last.id) : null }
}

function pageAfter(trx: Knex, filter: AuditFilter, after: { key: string; id: string } | null, limit: number): Entries {
  return listed(trx, filter)
    .modify((builder) => void (after && builder.whereRaw('(e.occurred_at, e.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])))
    .limit(limit)
}

const EXPORT_PAGE = 500

/** All that fit, newest first, a page in memory at a time. Those written meanwhile are newer than the first and stay out. */
export async function* allEntries(trx: Knex, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  let after: { key: string; id: string } | null = null
  for (;;) {
    const rows: AuditEntryRow[] = await pageAfter(trx, filter, after, EXPORT_PAGE)
    yield* rows.map(presentEntry)
    const last = rows.at(-1)
    if (!last || rows.length < EXPORT_PAGE) return
    after = keyOf(last)
  }
}

const facetRows = z.object({ rows: z.array(z.object({ kind: z.enum(['action', 'object_kind']), value: z.string() })) })

/** Each index of the column orders by its own operators: actions are indexed for prefixes. */
const FACETS = { action: { less: '~<~', greater: '~>~' }, object_kind: { less: '<', greater: '>' } } as const

const distinct = (column: keyof typeof FACETS): string => {
  const { less, greater } = FACETS[column]
  const first = `order by ${column} using ${less} limit 1`
  return `select * from (with recursive found as (
      (select ${column} as value from audit_entries ${first})
      union all
      select (select ${column} from audit_entries where ${column} ${greater} found.value ${first}) from found where found.value is not null)
    select '${column}' as kind, value from found where value is not null) as ${column}s`
}

/** What a filter can choose from: one index probe per different value, however long the trail is. */
export async function facets(trx: Knex): Promise<{ actions: string[]; objectKinds: string[] }> {
  const { rows } = facetRows.parse(await trx.raw(`${distinct('action')} union all ${distinct('object_kind')}`))
  const valuesOf = (kind: string) => rows.filter((row) => row.kind === kind).map(({ value }) => value)
  return { actions: valuesOf('action'), objectKinds: valuesOf('object_kind') }
}

function presentEntry(row: AuditEntryRow): AuditEntry {
  return {
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    object: { kind: row.object_kind, id: row.object_id, label: row.object_label },
    before: row.before,
    after: row.after,
    context: row.context,
    ip: row.ip,
    userAgent: row.user_agent,
    position: row.position === null ? null : Number(row.position),
  }
}

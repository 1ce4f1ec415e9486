import type { Knex } from 'knex'
import type { Actor, Ctx, RequestSource } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { scrub, scrubText } from './scrub.ts'

type Facts = Readonly<Record<string, unknown>>

export interface AuditLine {
  /** Past tense, dotted: `customer.merged`. */
  action: string
  object: {
    /** `customer`, `team`, `dictionary_entry` … */
    kind: string
    /** Absent for what has no row: an export, a list. */
    id?: string | null
    /** How people called it at that time. */
    label?: string | null
  }
  /** What changed, both sides alike (`changesOf`); personal data masked by the caller, who knows what it is. */
  before?: Facts | null
  after?: Facts | null
  context?: Facts
  /** Who acted, where the request did not know it yet: signing in. A member of staff. */
  by?: { id: string; name: string }
}

/** Who, from where. */
export interface AuditSource {
  actor: Actor | null
  source: RequestSource | null
}

/**
 * Writes lines of the audit trail (MOD-09) in the caller's transaction: what is undone leaves none. One statement, however many lines.
 * Secrets and phone numbers that slipped in are masked (`scrub`), which is a net and no licence.
 */
export const record = (ctx: Ctx, ...lines: AuditLine[]): Promise<void> =>
  writeLines(
    ctx.trx,
    ctx.now,
    lines.map((line) => ({ ...line, actor: ctx.actor, source: ctx.source })),
  )

export async function writeLines(trx: Knex, now: Date, lines: readonly (AuditLine & AuditSource)[]): Promise<void> {
  if (lines.length === 0) return
  const rows = lines.map(({ action, object, before, after, context, by, actor, source }) => ({
    id: newId(),
    occurred_at: now.toISOString(),
    ...(by ? { actor_kind: 'staff', actor_id: by.id, actor_name: by.name } : actorColumns(actor, source)),
    action,
    object_kind: object.kind,
    object_id: object.id ?? null,
    object_label: object.label ? scrubText(object.label) : null,
    before: before ? scrub(before) : null,
    after: after ? scrub(after) : null,
    context: scrub(context ?? {}),
    ip: source?.ip ?? null,
    user_agent: source?.userAgent ?? null,
  }))
  await trx.raw(`insert into audit_entries select * from json_populate_recordset(null::audit_entries, ?::json)`, [JSON.stringify(rows)])
}

/** The product acts by itself; a request without anybody signed in is somebody unknown. */
function actorColumns(actor: Actor | null, source: RequestSource | null) {
  if (actor?.kind === 'staff') return { actor_kind: 'staff', actor_id: actor.accountId, actor_name: actor.name }
  // A customer's name stays in customers alone, so that it can be erased.
  if (actor?.kind === 'customer') return { actor_kind: 'customer', actor_id: actor.customerId, actor_name: null }
  return { actor_kind: source ? 'anonymous' : 'system', actor_id: null, actor_name: null }
}

/** What of two states differs, ready for `before` and `after`; null when nothing does. */
export function changesOf(before: Facts, after: Facts): { before: Facts; after: Facts } | null {
  const differ = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (differ.length === 0) return null
  const pick = (from: Facts): Facts => Object.fromEntries(differ.map((key) => [key, from[key] ?? null]))
  return { before: pick(before), after: pick(after) }
}

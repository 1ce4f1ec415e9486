/** Edges from a person to the keys that name him. A strong key names one person, whatever races: the unique index decides. */
import { z } from 'zod'
import type { StrongKind } from '../../contract/customer.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { tellKeyShared } from './merging/automatic.ts'
import { IdentityRow } from './model.ts'

export interface NewIdentity {
  kind: StrongKind
  /** A phone as E.164 (`parsePhone`). */
  value: string
  /** How we know: `{ source: 'sms_code' | 'staff' | 'import' | 'channel' | 'oa' | …, … }`; no personal data. */
  evidence: { source: string } & Record<string, unknown>
  /** Proven (a code, a platform), not merely said. */
  verified: boolean
}

export interface IdentityOutcome {
  identityId: string
  /** Whose it is now: the one asked for, or the customer who already had it. */
  customerId: string
  added: boolean
}

const holders = z.object({ rows: z.array(z.object({ id: z.string(), customer_id: z.string() })) })

/** The customer who has this strong key; null when nobody has. */
export async function customerByIdentity(ctx: Ctx, kind: StrongKind, value: string): Promise<string | null> {
  const row = await IdentityRow.query(ctx.trx).findOne({ kind, value }).whereNull('channel_account_id').select('customer_id')
  return row?.customer_id ?? null
}

/**
 * Gives a customer a strong key. Somebody else's is not taken away: the answer then names its holder. When the caller lets it stand, the two
 * are merged behind this transaction if both proved the key, else proposed for it.
 * His own becomes proven when it was only said before.
 */
export async function addIdentity(ctx: Ctx, customerId: string, identity: NewIdentity): Promise<IdentityOutcome> {
  const { kind, value, evidence, verified } = identity
  const inserted = holders.parse(
    await ctx.trx.raw(
      `insert into customer_identities (id, customer_id, kind, value, evidence, verified_at, profile_fetched_at)
       values (?, ?, ?, ?, ?, ?, app_now())
       on conflict (channel_account_id, kind, value) do nothing returning id, customer_id`,
      [newId(), customerId, kind, value, JSON.stringify(evidence), verified ? ctx.now : null],
    ),
  ).rows[0]
  if (inserted) return { identityId: inserted.id, customerId, added: true }
  const held = await IdentityRow.query(ctx.trx).findOne({ kind, value }).whereNull('channel_account_id')
  if (!held) throw new NotFound('identity')
  if (held.customer_id !== customerId) {
    const proven = kind !== 'phone' || (verified && held.verified_at !== null)
    tellKeyShared(ctx, customerId, { holderId: held.customer_id, kind, proven })
  } else if (verified && held.verified_at === null) {
    await held.$query(ctx.trx).patch({ verified_at: ctx.now, evidence, last_seen_at: ctx.now })
  }
  return { identityId: held.id, customerId: held.customer_id, added: false }
}

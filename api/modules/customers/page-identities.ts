/** The edges by which a known customer sits at one of our own pages, and the proof that an edge is his. */
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { suggest } from './merging/suggestions.ts'
import { IdentityRow } from './model.ts'

/** A new edge of a customer who has just proven who he is. @returns its id */
export async function addPageIdentity(
  ctx: Ctx,
  customerId: string,
  page: { channelAccountId: string; kind: string; source: string },
): Promise<string> {
  const id = newId()
  await ctx.trx('customer_identities').insert({
    id,
    customer_id: customerId,
    channel_account_id: page.channelAccountId,
    kind: page.kind,
    value: `c:${newId()}`,
    evidence: JSON.stringify({ source: page.source }),
    verified_at: ctx.now,
    profile_fetched_at: ctx.now,
  })
  return id
}

/** A visitor's edge becomes that of somebody known. */
export async function provePageIdentity(ctx: Ctx, identityId: string, source: string): Promise<void> {
  await IdentityRow.query(ctx.trx).findById(identityId).patch({ verified_at: ctx.now, evidence: { source } })
}

/**
 * Whoever proves a number has more right to it than whom colleagues noted it for: the edge moves to him. Never for a proven edge.
 * @returns false when the edge was proven meanwhile
 */
export async function takeUnprovenIdentity(ctx: Ctx, identityId: string, customerId: string, source: string): Promise<boolean> {
  const held = await IdentityRow.query(ctx.trx).findById(identityId).whereNull('verified_at').forNoKeyUpdate()
  if (!held) return false
  // Whom it was noted for may still be the same person: proposed, for colleagues to judge.
  if (held.customer_id !== customerId) await suggest(ctx, [{ pair: [held.customer_id, customerId], reason: 'same_phone' }])
  await held.$query(ctx.trx).patch({ customer_id: customerId, verified_at: ctx.now, evidence: { source, takenFrom: held.customer_id } })
  return true
}

export interface ProvenEdge {
  /** Null for keys that belong to no channel of ours. */
  channelAccountId: string | null
  kind: string
  value: string
}

/** Whose edge of a channel this is; null when nobody's. */
export async function customerByEdge(ctx: Ctx, edge: ProvenEdge): Promise<string | null> {
  const row = await IdentityRow.query(ctx.trx)
    .findOne({ kind: edge.kind, value: edge.value })
    .where((account) =>
      edge.channelAccountId === null ? account.whereNull('channel_account_id') : account.where('channel_account_id', edge.channelAccountId),
    )
    .select('customer_id')
  return row?.customer_id ?? null
}

/** What a platform has just vouched for; another customer's stays his. */
export async function proveEdge(ctx: Ctx, customerId: string, edge: ProvenEdge, source: string): Promise<void> {
  await ctx.trx.raw(
    `insert into customer_identities (id, customer_id, channel_account_id, kind, value, evidence, verified_at)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (channel_account_id, kind, value) do update set verified_at = excluded.verified_at, evidence = excluded.evidence
       where customer_identities.customer_id = excluded.customer_id and customer_identities.verified_at is null`,
    [newId(), customerId, edge.channelAccountId, edge.kind, edge.value, JSON.stringify({ source }), ctx.now],
  )
}

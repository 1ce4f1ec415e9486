/** What a channel can tell about a person: asked once when he first appears, and again when he follows anew. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { addIdentity } from './identities.ts'
import { CustomerRow, IdentityRow } from './model.ts'
import { UNINDEXED } from './search-index.ts'

export const PROFILE_TOPIC = 'profile'

export interface ChannelProfile {
  name?: string
  avatarUrl?: string
  unionid?: string
  subscribed?: boolean
  detail?: Record<string, unknown>
}

const dueRow = z.array(z.object({ id: z.string(), channel_account_id: z.string(), value: z.string() }))

/** Takes identities whose profile is due; a crash between taking and recording costs one profile, no message. */
export async function identitiesToProfile(
  trx: Knex,
  limit: number,
): Promise<{ id: string; channelAccountId: string; externalId: string }[]> {
  const rows = await IdentityRow.query(trx)
    .whereIn(
      'id',
      IdentityRow.query(trx)
        .select('id')
        .whereNull('profile_fetched_at')
        .whereNotNull('channel_account_id')
        .where((due) => due.whereNull('profile_retry_at').orWhere('profile_retry_at', '<=', trx.raw('app_now()')))
        .orderBy('first_seen_at', 'desc')
        .limit(limit)
        .forNoKeyUpdate()
        .skipLocked(),
    )
    .patch({ profile_fetched_at: trx.raw('app_now()') })
    .returning(['id', 'channel_account_id', 'value'])
  return dueRow.parse(rows).map((row) => ({ id: row.id, channelAccountId: row.channel_account_id, externalId: row.value }))
}

/** The platform did not answer: asked again in five minutes. */
export const giveBackProfile = async (trx: Knex, identityId: string): Promise<void> => {
  await IdentityRow.query(trx)
    .findById(identityId)
    .patch({ profile_retry_at: trx.raw(`app_now() + interval '5 minutes'`), profile_fetched_at: null })
}

/** He, or colleagues, said what he is called: a nickname does not take that name's place, nor does it go with the nickname. */
async function isKnownByName(trx: Knex, customerId: string): Promise<boolean> {
  const known = await CustomerRow.query(trx)
    .findById(customerId)
    .whereNotNull('name')
    .where((either) =>
      either
        .where('status', 'formal')
        .orWhereExists(IdentityRow.query(trx).where({ kind: 'phone' }).whereColumn('customer_identities.customer_id', 'customers.id')),
    )
    .select('id')
  return known !== undefined
}

/** @param profile null when the channel has nothing to tell */
export async function recordProfile(app: App, identityId: string, profile: ChannelProfile | null): Promise<void> {
  if (!profile) return
  await inTransaction(app, SYSTEM, async (ctx) => {
    const { trx } = ctx
    // Locked: while customers are merged it is not yet known whose it will be.
    const identity = await IdentityRow.query(trx).findById(identityId).forNoKeyUpdate()
    if (!identity) return
    await identity
      .$query(trx)
      .patch({ profile: profile.detail ?? {}, ...(profile.subscribed === undefined ? {} : { subscribed: profile.subscribed }) })
    const nickname = profile.name !== undefined && !(await isKnownByName(trx, identity.customer_id))
    await CustomerRow.query(trx)
      .findById(identity.customer_id)
      .patch({
        ...(nickname ? { name: profile.name?.slice(0, 120) ?? null, ...UNINDEXED } : {}),
        ...(profile.avatarUrl === undefined ? {} : { avatar_url: profile.avatarUrl }),
        version: trx.raw('version + 1'),
      })
    // The key that joins a person's channels.
    if (profile.unionid !== undefined) {
      const evidence = { source: 'channel' }
      await addIdentity(ctx, identity.customer_id, { kind: 'unionid', value: profile.unionid, evidence, verified: true })
    }
  })
}

/** Followed or left: shown to the agent before he writes in vain. */
export async function markSubscribed(trx: Knex, identityIds: readonly string[], subscribed: boolean): Promise<void> {
  await IdentityRow.query(trx)
    .whereIn('id', [...identityIds])
    .patch({ subscribed, ...(subscribed ? { profile_fetched_at: null } : {}) })
}

/** He took his consent back: what the channel told about him goes; his messages are ours to erase on request. */
export async function forgetProfile(trx: Knex, identityId: string): Promise<void> {
  const identity = await IdentityRow.query(trx).patchAndFetchById(identityId, { profile: {} })
  const nickname = !(await isKnownByName(trx, identity.customer_id))
  await CustomerRow.query(trx)
    .findById(identity.customer_id)
    .patch({ ...(nickname ? { name: null, ...UNINDEXED } : {}), avatar_url: null, version: trx.raw('version + 1') })
}

/** `team`, `business` and `entry`: what a host site says beside the page; `locale`: the page's. */
export interface PendingSource {
  kind: string
  label: string
  team?: string | undefined
  business?: string | undefined
  entry?: string | undefined
  locale?: 'zh-CN' | 'en' | undefined
}

/** How somebody came (QR scene, menu), kept until his first message. */
export const keepPendingSource = async (trx: Knex, identityId: string, source: PendingSource): Promise<void> => {
  await trx('customer_identities')
    .where({ id: identityId })
    .update({ pending_source: JSON.stringify(source) })
}

export const forgetPendingSources = async (trx: Knex, identityIds: readonly string[]): Promise<void> => {
  await trx('customer_identities')
    .whereIn('id', [...identityIds])
    .update({ pending_source: null })
}

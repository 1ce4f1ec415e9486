/** Coming, going and pressing a menu: no message, but worth a line where a conversation is open and kept for the next one. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { Ctx, SystemActor } from '../../core/context.ts'
import { announceConversation, appendNotice, ConversationRow } from '../conversations/index.ts'
import { forgetProfile, keepPendingSource, markSubscribed, PROFILE_TOPIC } from '../customers/index.ts'
import type { ReceivedEvent } from './arrange.ts'

const NOTICES: Partial<Record<ReceivedEvent['event']['kind'], string>> = {
  subscribed: 'customer_subscribed',
  unsubscribed: 'customer_unsubscribed',
  entered: 'customer_entered',
  menu_clicked: 'customer_clicked_menu',
}

export async function applyContacts(ctx: Ctx<SystemActor>, received: readonly ReceivedEvent[]): Promise<void> {
  const contacts = received.filter(({ event }) => event.kind !== 'message' && event.kind !== 'receipt')
  if (contacts.length === 0) return
  for (const { event, identity } of contacts) {
    const { identity_id: id } = identity
    if (event.kind === 'subscribed' || event.kind === 'unsubscribed') await markSubscribed(ctx.trx, [id], event.kind === 'subscribed')
    if (event.kind === 'subscribed') ctx.wake(PROFILE_TOPIC)
    // The platform demands that the profile goes when its user takes his consent back.
    if (event.kind === 'authorization_revoked') await forgetProfile(ctx.trx, id)
    if (event.source) await keepPendingSource(ctx.trx, id, event.source)
    const code = NOTICES[event.kind]
    if (code !== undefined) await tellOpenConversation(ctx, id, code, event.source?.label ?? null)
  }
}

async function tellOpenConversation(ctx: Ctx<SystemActor>, identityId: string, code: string, label: string | null): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ identity_id: identityId, kind: 'direct' })
    .whereNot('status', 'closed')
    .forUpdate()
  if (row) await announceConversation(ctx, row.id, { created: [await appendNotice(ctx, row, code, { label })] })
}

const sourceRows = z.array(z.object({ id: z.string(), pending_source: z.object({ kind: z.string(), label: z.string() }) }))

/** How these people last came; forgotten with the first message. */
export async function pendingSources(trx: Knex, messages: readonly ReceivedEvent[]): Promise<Map<string, { kind: string; label: string }>> {
  const ids = [...new Set(messages.map(({ identity }) => identity.identity_id))]
  if (ids.length === 0) return new Map()
  const rows = sourceRows.parse(
    await trx('customer_identities').select('id', 'pending_source').whereIn('id', ids).whereNotNull('pending_source'),
  )
  for (const row of rows) await keepPendingSource(trx, row.id, null)
  return new Map(rows.map((row) => [row.id, row.pending_source]))
}

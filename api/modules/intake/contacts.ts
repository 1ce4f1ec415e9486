/** Coming, going and pressing a menu: no message, but worth a line where a conversation is open and kept for the next one. */
import type { Knex } from 'knex'
import type { Ctx, SystemActor } from '../../core/context.ts'
import { announceConversation, appendNotice, ConversationRow } from '../conversations/index.ts'
import { forgetPendingSources, forgetProfile, keepPendingSource, markSubscribed, PROFILE_TOPIC } from '../customers/index.ts'
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
    if (event.kind === 'menu_clicked' && event.source)
      ctx.emit({ name: 'customer.menu-clicked', subjectId: id, payload: { key: event.source.label } })
    const code = NOTICES[event.kind]
    if (code !== undefined) await tellOpenConversation(ctx, id, code, event.source?.label ?? null)
  }
}

async function tellOpenConversation(ctx: Ctx<SystemActor>, identityId: string, code: string, label: string | null): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ identity_id: identityId, kind: 'direct' })
    .whereNot('status', 'closed')
    .forNoKeyUpdate()
  if (row) await announceConversation(ctx, row.id, { created: [await appendNotice(ctx, row, code, { label })] })
}

/** How these people last came; forgotten with the first message. */
export async function takePendingSources(
  trx: Knex,
  messages: readonly ReceivedEvent[],
): Promise<Map<string, NonNullable<ReceivedEvent['identity']['pending_source']>>> {
  const sources = new Map(
    messages.flatMap(({ identity }) =>
      identity.pending_source === null ? [] : [[identity.identity_id, identity.pending_source] as const],
    ),
  )
  if (sources.size > 0) await forgetPendingSources(trx, [...sources.keys()])
  return sources
}

/**
 * The one place that tells the inbound story: who it is, his conversation, the message, what it re-opens.
 * New events take one transaction together with their ledger rows; what is left in the ledger is taken from there.
 * A batch is one transaction with one statement per table; when it fails, each sender is tried alone, and the one event
 * that cannot be processed is set aside while its neighbours go on.
 */
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM, type SystemActor } from '../../core/context.ts'
import { isOutage } from '../../core/outage.ts'
import {
  accountsOf,
  claimInbound,
  type ClaimedEvent,
  createDownloads,
  DOWNLOAD_TOPIC,
  type InboundRecord,
  kindOf,
  openPurses,
  quarantine,
  recordFresh,
  type SenderKey,
} from '../channels/index.ts'
import { personKey, PROFILE_TOPIC, resolveIdentities, type KnownIdentity } from '../customers/index.ts'
import { appendInbound, lockOpenConversations, recordReceipts, releaseHeld } from '../conversations/index.ts'
import { arrange, type Arranged, type ReceivedEvent } from './arrange.ts'
import { applyContacts } from './contacts.ts'
import { inboundEventSchema } from './inbound-event.ts'
import { withoutRatings } from './rating-answers.ts'
import { withoutReplayed } from './replayed.ts'

export interface Received {
  /** For each record, whether it is new. */
  isNew: boolean[]
  /** Conversations that were opened and wait for an agent. */
  opened: string[]
  /** Stored behind older events of theirs: `receiveMessages` takes them in order. */
  behind: SenderKey[]
}

/**
 * Ledger and intake of new events in one transaction: nothing waits between two commits, and a row is written once. Every record has a sender.
 * @throws when any of them cannot be processed, and has then stored nothing: the caller writes the ledger alone and leaves the rest to `receiveMessages`
 */
export async function receiveFresh(app: App, records: readonly InboundRecord[]): Promise<Received> {
  const senders = records.flatMap(({ channelAccountId, sender }) => (sender === null ? [] : [{ channelAccountId, sender }]))
  const kinds = await kindsOf(app, senders)
  const received = await inTransaction(app, SYSTEM, async (ctx) => {
    // Sent together, run in this order: the locks come first.
    const [identities, { isNew, claimed, behind }] = await Promise.all([
      resolveIdentities(ctx.trx, peopleOf(senders, kinds)),
      recordFresh(ctx.trx, records),
    ])
    return { isNew, behind, opened: claimed.length === 0 ? [] : await process(ctx, claimed, identities, kinds) }
  })
  app.metrics.intakeBatch.observe(records.length)
  return received
}

async function kindsOf(app: App, senders: readonly SenderKey[]): Promise<Map<string, string>> {
  const kinds = new Map<string, string>()
  for (const id of new Set(senders.map((sender) => sender.channelAccountId))) kinds.set(id, (await accountsOf(app).get(id)).kind)
  return kinds
}

const peopleOf = (senders: readonly SenderKey[], kinds: ReadonlyMap<string, string>) =>
  senders.map(({ channelAccountId, sender }) => ({ channelAccountId, externalId: sender, kind: kinds.get(channelAccountId) ?? '' }))

/**
 * Processes every waiting ledger row of these senders. Safe to call from several processes at once and again at any time.
 * @returns conversations that it opened and that wait for an agent: the claim is a short transaction of its own (`drainQueue`)
 * @throws only when the database is away; the rows then wait for the sweeper
 */
export async function receiveMessages(app: App, senders: readonly SenderKey[]): Promise<string[]> {
  try {
    return (await receiveBatch(app, senders, false)).opened
  } catch (error) {
    if (isOutage(error)) throw error
    app.log.warn({ senders: senders.length, error: String(error) }, 'intake.batch_failed')
    const opened: string[] = []
    for (const sender of senders) opened.push(...(await receiveAlone(app, sender)))
    return opened
  }
}

/** One event at a time, so that a poisonous one is known and set aside. */
async function receiveAlone(app: App, sender: SenderKey): Promise<string[]> {
  const opened: string[] = []
  for (;;) {
    try {
      const batch = await receiveBatch(app, [sender], true)
      opened.push(...batch.opened)
      if (batch.count === 0) return opened
    } catch (error) {
      if (isOutage(error)) throw error
      app.log.error({ channelAccountId: sender.channelAccountId, error: String(error) }, 'intake.event_quarantined')
      await inTransaction(app, SYSTEM, (ctx) => quarantine(ctx.trx, [sender], String(error)))
    }
  }
}

async function receiveBatch(app: App, senders: readonly SenderKey[], onlyFirst: boolean): Promise<{ count: number; opened: string[] }> {
  const kinds = await kindsOf(app, senders)
  const batch = await inTransaction(app, SYSTEM, async (ctx) => {
    const identities = await resolveIdentities(ctx.trx, peopleOf(senders, kinds))
    const claimed = await claimInbound(ctx.trx, senders, onlyFirst)
    return { count: claimed.length, opened: claimed.length === 0 ? [] : await process(ctx, claimed, identities, kinds) }
  })
  app.metrics.intakeBatch.observe(batch.count)
  return batch
}

async function process(
  ctx: Ctx<SystemActor>,
  claimed: readonly ClaimedEvent[],
  identities: ReadonlyMap<string, KnownIdentity>,
  kinds: ReadonlyMap<string, string>,
): Promise<string[]> {
  const received = claimed.flatMap((row): ReceivedEvent[] => {
    const identity = identities.get(personKey(row.channel_account_id, row.sender))
    return identity
      ? [{ row, identity, event: inboundEventSchema.parse(row.event), entry: kindOf(ctx.app, kinds.get(row.channel_account_id) ?? '') }]
      : []
  })
  const fresh = await withoutRatings(ctx, await withoutReplayed(ctx.trx, received))
  const arranged = await arrange(ctx, fresh)
  const limited = arranged.items.filter((item) => item.limited).map((item) => item.identityId)
  const acted = new Set([...limited, ...arranged.opened.map(({ identityId }) => identityId)])
  const [purses, open] = await Promise.all([
    openPurses(ctx.trx, arranged.opened, [...acted]),
    lockOpenConversations(
      ctx,
      arranged.items.map((item) => item.identityId),
    ),
  ])
  const waiting = await appendInbound(ctx, arranged.items, { open, purses })
  await afterMessages(ctx, arranged, received)
  const released = limited.filter((id) => purses.get(id)?.holds)
  if (released.length > 0) await releaseHeld(ctx, released)
  return waiting
}

async function afterMessages(ctx: Ctx<SystemActor>, arranged: Arranged, received: readonly ReceivedEvent[]): Promise<void> {
  await createDownloads(ctx.trx, arranged.downloads)
  if (arranged.downloads.length > 0) ctx.wake(DOWNLOAD_TOPIC)
  await applyContacts(ctx, received)
  if (arranged.receipts.length > 0) await recordReceipts(ctx, arranged.receipts)
  if (received.some(({ identity }) => identity.isNew)) ctx.wake(PROFILE_TOPIC)
}

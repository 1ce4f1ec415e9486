/** The outbox of platform calls: leased, in order per conversation, fenced by attempt number. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { messagePartSchema, type MessagePart } from '../../contract/message.ts'
import { newId } from '../../core/ids.ts'
import { DeliveryRow, type DeliveryRowState } from './model.ts'

export const DELIVER_TOPIC = 'deliver'
/** Longer than any platform call may take. */
export const LEASE_SECONDS = 60

export interface NewDeliveries {
  messageId: string
  conversationId: string
  seq: number
  channelAccountId: string
  identityId: string
  calls: readonly MessagePart[]
  held: boolean
}

export async function createDeliveries(trx: Knex, input: NewDeliveries): Promise<void> {
  await DeliveryRow.query(trx).insert(
    input.calls.map((part, ordinal) => ({
      id: newId(),
      message_id: input.messageId,
      conversation_id: input.conversationId,
      conversation_seq: input.seq,
      ordinal,
      channel_account_id: input.channelAccountId,
      identity_id: input.identityId,
      part,
      state: input.held ? ('held' as const) : ('queued' as const),
    })),
  )
}

const claimedSchema = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      message_id: z.string(),
      conversation_id: z.string(),
      channel_account_id: z.string(),
      identity_id: z.string(),
      attempts: z.number(),
      part: messagePartSchema,
      recipient: z.string(),
    }),
  ),
})
export type ClaimedDelivery = z.infer<typeof claimedSchema>['rows'][number]

/**
 * Leases up to `limit` calls, at most one per conversation and only its oldest unfinished one.
 * @param busyAccounts accounts whose share of concurrent calls is used up
 */
export async function claimDeliveries(trx: Knex, limit: number, busyAccounts: readonly string[]): Promise<ClaimedDelivery[]> {
  const { rows } = claimedSchema.parse(
    await trx.raw(
      `update deliveries d set state = 'sending', lease_until = app_now() + ? * interval '1 second', attempts = d.attempts + 1, updated_at = app_now()
       from (
         select q.id from deliveries q join channel_accounts a on a.id = q.channel_account_id
         where q.state = 'queued' and q.next_attempt_at <= app_now() and a.status = 'active' and (a.paused_until is null or a.paused_until <= app_now())
           and q.channel_account_id <> all(?::uuid[])
           and not exists (select 1 from deliveries e where e.conversation_id = q.conversation_id and e.state in ('queued', 'sending')
                           and (e.conversation_seq, e.ordinal) < (q.conversation_seq, q.ordinal))
         order by q.next_attempt_at limit ? for no key update of q skip locked) due, customer_identities i
       where d.id = due.id and i.id = d.identity_id
       returning d.id, d.message_id, d.conversation_id, d.channel_account_id, d.identity_id, d.attempts, d.part, i.value as recipient`,
      [LEASE_SECONDS, [...busyAccounts], limit],
    ),
  )
  return rows
}

export type Outcome =
  | { state: 'sent'; externalId?: string }
  | { state: 'failed' | 'unknown'; reason: string; platformCode?: string }
  | { state: 'queued'; retryAt: Date; reason: string; platformCode?: string }

/** @returns false when the lease was lost: somebody else has decided about this call already */
export async function finishDelivery(trx: Knex, claim: { id: string; attempts: number }, outcome: Outcome): Promise<boolean> {
  const changed = await DeliveryRow.query(trx)
    .where({ id: claim.id, attempts: claim.attempts, state: 'sending' })
    .patch({
      state: outcome.state,
      lease_until: null,
      external_id: outcome.state === 'sent' ? (outcome.externalId ?? null) : null,
      reason: outcome.state === 'sent' ? null : outcome.reason,
      platform_code: outcome.state === 'sent' ? null : (outcome.platformCode ?? null),
      ...(outcome.state === 'queued' ? { next_attempt_at: outcome.retryAt } : {}),
    })
    .returning('channel_account_id')
  const [row] = changed
  if (row && outcome.state === 'sent' && outcome.externalId !== undefined)
    await applyEarlyReceipt(trx, row.channel_account_id, outcome.externalId)
  return row !== undefined
}

const EARLY_MINUTES = 5
const receiptRows = z.array(
  z.object({
    state: z.enum(['delivered', 'read', 'failed']),
    reason: z.string().nullable(),
    code: z.string().nullable(),
  }),
)

/** The platform's receipt may come before the answer to the very call: it then stands in the ledger, and nobody knew whose it was. */
async function applyEarlyReceipt(trx: Knex, channelAccountId: string, externalId: string): Promise<void> {
  const [receipt] = receiptRows.parse(
    await trx('inbound_events')
      .select(
        trx.raw(`event #>> '{receipt,state}' as state`),
        trx.raw(`event #>> '{receipt,reason}' as reason`),
        trx.raw(`event #>> '{receipt,platformCode}' as code`),
      )
      .where({ channel_account_id: channelAccountId, kind: 'receipt' })
      .where('received_at', '>', trx.raw(`app_now() - ? * interval '1 minute'`, [EARLY_MINUTES]))
      .whereRaw(`event #>> '{receipt,externalId}' = ?`, [externalId])
      .orderBy('position', 'desc')
      .limit(1),
  )
  if (!receipt) return
  const { state, reason, code } = receipt
  await markReceived(trx, { channelAccountId, externalId, state, reason: reason ?? undefined, platformCode: code ?? undefined })
}

/** Calls whose worker died in the middle: they may or may not have arrived. @returns their messages */
export async function abandonExpired(trx: Knex): Promise<string[]> {
  const rows = await DeliveryRow.query(trx)
    .where('state', 'sending')
    .where('lease_until', '<', trx.raw('app_now()'))
    .patch({ state: 'unknown', lease_until: null, reason: 'outcome_unknown' })
    .returning('message_id')
  return z
    .array(z.object({ message_id: z.string() }))
    .parse(rows)
    .map((row) => row.message_id)
}

export interface Receipt {
  channelAccountId: string
  externalId: string
  state: 'delivered' | 'read' | 'failed'
  reason?: string | undefined
  platformCode?: string | undefined
}

/** A later word of the platform about a call that it accepted. @returns the message concerned */
export async function applyReceipt(trx: Knex, receipt: Receipt): Promise<string | null> {
  const messageId = await markReceived(trx, receipt)
  if (messageId !== null) return messageId
  // Perhaps the call it is about is being written down at this moment, and whoever writes has looked into the ledger already: wait for him.
  await trx('deliveries').select('id').where({ channel_account_id: receipt.channelAccountId, state: 'sending' }).forShare()
  return markReceived(trx, receipt)
}

async function markReceived(trx: Knex, receipt: Receipt): Promise<string | null> {
  const { channelAccountId, externalId, state, reason, platformCode } = receipt
  const before: DeliveryRowState[] = state === 'read' ? ['sent', 'delivered', 'unknown'] : ['sent', 'unknown']
  const rows = await DeliveryRow.query(trx)
    .where({ channel_account_id: channelAccountId, external_id: externalId })
    .whereIn('state', before)
    .patch({ state, reason: reason ?? null, platform_code: platformCode ?? null })
    .returning('message_id')
  return z.array(z.object({ message_id: z.string() })).parse(rows)[0]?.message_id ?? null
}

/** Sends again what failed or is unknown; what arrived stays. @returns how many calls that is */
export const requeueMessage = async (trx: Knex, messageId: string, state: 'queued' | 'held'): Promise<number> =>
  DeliveryRow.query(trx)
    .where({ message_id: messageId })
    .whereIn('state', ['failed', 'unknown', 'held'])
    .patch({ state, reason: null, platform_code: null, next_attempt_at: trx.raw('app_now()') })

export const unfinishedCalls = (trx: Knex, messageId: string): Promise<number> =>
  DeliveryRow.query(trx).where({ message_id: messageId }).whereIn('state', ['failed', 'unknown', 'held']).resultSize()

const stateRow = z.array(
  z.object({ message_id: z.string(), state: z.string(), reason: z.string().nullable(), platform_code: z.string().nullable() }),
)

export const deliveryStates = async (trx: Knex, messageIds: readonly string[]) =>
  stateRow.parse(
    await trx('deliveries')
      .select('message_id', 'state', 'reason', 'platform_code')
      .whereIn('message_id', [...messageIds])
      .orderBy('ordinal'),
  )

/** Messages that wait for these customers to write, oldest first. */
export async function heldFor(
  trx: Knex,
  identityIds: readonly string[],
): Promise<{ messageId: string; identityId: string; calls: number }[]> {
  if (identityIds.length === 0) return []
  const rows = await trx('deliveries')
    .select('message_id', 'identity_id')
    .count({ calls: '*' })
    .min({ position: 'created_at' })
    .where('state', 'held')
    .whereIn('identity_id', [...identityIds])
    .groupBy('message_id', 'identity_id')
    .orderBy('position')
  return z
    .array(z.object({ message_id: z.string(), identity_id: z.string(), calls: z.coerce.number() }))
    .parse(rows)
    .map((row) => ({ messageId: row.message_id, identityId: row.identity_id, calls: row.calls }))
}

/** Pure: a message is as well off as the worst of its calls. */
export function worstState(states: readonly { state: string; reason: string | null; platform_code: string | null }[]) {
  const order = ['failed', 'unknown', 'held', 'sending', 'queued', 'sent', 'delivered', 'read']
  const [worst] = [...states].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return worst
}

/** What has not left us stays here. @returns how many calls that is */
export const cancelWaiting = async (trx: Knex, messageId: string): Promise<number> =>
  DeliveryRow.query(trx)
    .where({ message_id: messageId })
    .whereIn('state', ['queued', 'held'])
    .patch({ state: 'failed', reason: 'rejected' })

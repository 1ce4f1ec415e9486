/**
 * Words of people who are blocked: kept in the customer's latest conversation, which stays closed. Nobody is called, nothing is unread; whoever looks
 * into the conversation finds them. The ledger has them in any case.
 */
import { z } from 'zod'
import type { Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { InboundBatchItem } from '../append-inbound.ts'
import { lastMessageOf } from '../append-message.ts'
import { sayTemplate } from '../ending/auto-text.ts'
import { rulesFor } from '../ending/rules.ts'
import { ConversationRow, MessageRow } from '../model.ts'
import { BlockRow } from './block-customer.ts'

export interface Unheard {
  item: InboundBatchItem
  blockId: string
}

/** The caller holds the identities' locks. @returns the conversation of each identity */
export async function storeUnheard(ctx: Ctx, unheard: readonly Unheard[]): Promise<Map<string, string>> {
  if (unheard.length === 0) return new Map()
  const conversations = await latestOf(ctx, unheard)
  const messages = unheard.flatMap(({ item }) => {
    const row = conversations.get(item.identityId)
    if (!row) throw new Error('a blocked customer without a conversation')
    return item.messages.map((message, index) => ({
      conversation_id: row.id,
      seq: row.last_seq + index + 1,
      id: message.id,
      direction: 'inbound' as const,
      author_kind: 'customer' as const,
      author_id: item.customerId,
      parts: message.parts,
      client_key: message.clientKey ?? null,
      inbound_event_id: message.inboundEventId,
      occurred_at: message.occurredAt,
      created_at: ctx.now,
    }))
  })
  if (messages.length > 0) await MessageRow.query(ctx.trx).insert(messages)
  const told = await notYetTold(
    ctx,
    unheard.map(({ blockId }) => blockId),
  )
  for (const { item, blockId } of unheard) {
    const row = conversations.get(item.identityId)
    if (!row) continue
    await moveOn(ctx, row, item)
    if (told.has(blockId)) await tellOnce(ctx, row, blockId)
    told.delete(blockId)
  }
  return new Map([...conversations].map(([identityId, { id }]) => [identityId, id]))
}

async function latestOf(ctx: Ctx, unheard: readonly Unheard[]): Promise<Map<string, ConversationRow>> {
  const ids = unheard.map(({ item }) => item.identityId)
  const latest = await ConversationRow.query(ctx.trx)
    .whereIn('id', (builder) =>
      builder
        .from('conversations')
        .distinctOn('identity_id')
        .select('id')
        .whereIn('identity_id', ids)
        .where('kind', 'direct')
        .orderBy([{ column: 'identity_id' }, { column: 'created_at', order: 'desc' }, { column: 'id', order: 'desc' }]),
    )
    .orderBy('id')
    .forNoKeyUpdate()
  const rows = new Map(latest.map((row) => [row.identity_id, row]))
  const missing = unheard.filter(({ item }) => !rows.has(item.identityId))
  if (missing.length === 0) return rows
  const created = await ConversationRow.query(ctx.trx)
    .insert(
      missing.map(({ item }) => ({
        id: newId(),
        status: 'closed' as const,
        customer_id: item.customerId,
        identity_id: item.identityId,
        channel_account_id: item.channelAccountId,
        closed_at: ctx.now,
        close_reason: 'blocked',
        created_at: ctx.now,
        updated_at: ctx.now,
      })),
    )
    .returning('*')
  for (const row of created) rows.set(row.identity_id, row)
  return rows
}

const moveOn = (ctx: Ctx, row: ConversationRow, item: InboundBatchItem) =>
  row.$query(ctx.trx).patch({
    last_seq: row.last_seq + item.messages.length,
    last_message: lastMessageOf({ direction: 'inbound', author_kind: 'customer', parts: item.messages.at(-1)?.parts ?? [] }),
    last_message_at: item.messages.at(-1)?.occurredAt ?? ctx.now,
    version: row.version + 1,
    updated_at: ctx.now,
  })

const ids = z.array(z.object({ id: z.string() }))

async function notYetTold(ctx: Ctx, blockIds: readonly string[]): Promise<Set<string>> {
  const rows = await BlockRow.query(ctx.trx)
    .whereIn('id', [...blockIds])
    .whereNull('told_at')
    .orderBy('id')
    .forNoKeyUpdate()
    .select('id')
  return new Set(ids.parse(rows).map(({ id }) => id))
}

/** Once for each block, whether it could be sent or not. */
async function tellOnce(ctx: Ctx, row: ConversationRow, blockId: string): Promise<void> {
  const { texts } = await rulesFor(ctx, row)
  await sayTemplate(ctx, row, { key: `blocked:${blockId}`, template: texts.blocked })
  await BlockRow.query(ctx.trx).findById(blockId).patch({ told_at: ctx.now })
}

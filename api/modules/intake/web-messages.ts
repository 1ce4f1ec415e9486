import { z } from 'zod'
import type { CustomerMessage } from '../../contract/message.ts'
import type { webHistoryQuery, webHistorySchema, webMessageRequest } from '../../contract/web.ts'
import type { Ctx, CustomerActor } from '../../core/context.ts'
import type { App } from '../../core/app.ts'
import { Conflict, Unavailable } from '../../core/errors.ts'
import { type InboundRecord, recordInbound } from '../channels/index.ts'
import { customerUrls } from '../files/index.ts'
import {
  drainQueue,
  listMessages,
  type LoadedConversation,
  MessageRow,
  parseConversations,
  presentForCustomer,
  NO_START,
  selectConversations,
  staffNames,
  startStates,
  webConversation,
} from '../conversations/index.ts'
import { receiveFresh, receiveMessages } from './receive-messages.ts'

const keyOf = (ctx: Ctx<CustomerActor>, clientKey: string) => `web:${ctx.actor.externalId}:${clientKey}`

/**
 * A customer writes on our own page. The same path as any channel: ledger and intake; the answer is the stored message.
 * The same `clientKey` gives the same message.
 */
export async function receiveWebMessage(ctx: Ctx<CustomerActor>, input: z.infer<typeof webMessageRequest>): Promise<CustomerMessage> {
  const { app, actor, now } = ctx
  const externalKey = keyOf(ctx, input.clientKey)
  const event = {
    kind: 'message',
    occurredAt: now.toISOString(),
    from: { externalId: actor.externalId },
    parts: input.parts,
    clientKey: input.clientKey,
  }
  const opened = await receiveOne(app, {
    channelAccountId: actor.channelAccountId,
    externalKey,
    kind: 'message',
    sender: actor.externalId,
    event,
    raw: JSON.stringify(event),
    occurredAt: now.toISOString(),
  })
  if (opened.length > 0) await drainQueue(app)
  const row = await MessageRow.query(app.db)
    .joinRaw('join inbound_events e on e.id = messages.inbound_event_id')
    .findOne({ 'e.channel_account_id': actor.channelAccountId, 'e.external_key': externalKey })
    .select('messages.*')
  if (!row) throw new Unavailable('unavailable', 'stored, and on its way')
  const names = await namesFor(ctx, [row])
  const shown = presentForCustomer(row, names, customerUrls(app.config, now))
  if (!shown) throw new Conflict('conflict', 'not a customer message')
  return shown
}

/** Stored whatever happens to it after: what cannot be processed at once waits in the ledger. @returns conversations without an agent */
async function receiveOne(app: App, record: InboundRecord & { sender: string }): Promise<string[]> {
  const senders = [{ channelAccountId: record.channelAccountId, sender: record.sender }]
  try {
    const { opened, behind } = await receiveFresh(app, [record])
    return behind.length > 0 ? [...opened, ...(await receiveMessages(app, senders))] : opened
  } catch (error) {
    app.log.warn({ error: String(error) }, 'intake.batch_failed')
    await recordInbound(app.db, [record])
    return receiveMessages(app, senders)
  }
}

const customerRow = z.array(z.object({ name: z.string().nullable(), avatar_url: z.string().nullable() }))

async function namesFor(ctx: Ctx<CustomerActor>, rows: readonly MessageRow[]) {
  const [customer] = customerRow.parse(await ctx.trx('customers').select('name', 'avatar_url').where({ id: ctx.actor.customerId }))
  return { customer: { name: customer?.name ?? null, avatarUrl: customer?.avatar_url ?? null }, staff: await staffNames(ctx.trx, rows) }
}

type History = z.infer<typeof webHistorySchema>

/** The page's past, conversation by conversation: only this identity's own (BP-004.3). */
export async function webHistory(ctx: Ctx<CustomerActor>, query: z.infer<typeof webHistoryQuery>): Promise<History> {
  const own = selectConversations(ctx.trx, null).where({ 'v.identity_id': ctx.actor.identityId, 'v.kind': 'direct' })
  const found = parseConversations(
    await own
      .modify((builder) => {
        if (query.conversationId) void builder.where('v.id', query.conversationId)
      })
      .orderBy([
        { column: 'v.created_at', order: 'desc' },
        { column: 'v.id', order: 'desc' },
      ])
      .limit(1),
  )
  const [row] = found
  if (!row) return { conversation: null, messages: [], hasMore: false, previousConversationId: null }
  const messages = await listMessages(ctx.trx, row.id, { afterSeq: query.afterSeq, beforeSeq: query.beforeSeq, limit: query.limit + 1 })
  const forward = query.afterSeq !== undefined
  const extra = messages.length > query.limit
  const shown = extra ? (forward ? messages.slice(0, query.limit) : messages.slice(1)) : messages
  const names = await namesFor(ctx, shown)
  const urls = customerUrls(ctx.app.config, ctx.now)
  return {
    conversation: await presentWebConversation(ctx, row),
    messages: shown.flatMap((message) => presentForCustomer(message, names, urls) ?? []),
    hasMore: extra,
    previousConversationId: await previousConversation(ctx, row),
  }
}

async function presentWebConversation(ctx: Ctx<CustomerActor>, row: LoadedConversation) {
  const agent = row.assignee_id === null ? null : { name: row.assignee_name ?? '', avatarUrl: null }
  return webConversation(row, agent, (await startStates(ctx, [row])).get(row.id) ?? NO_START)
}

async function previousConversation(ctx: Ctx<CustomerActor>, row: LoadedConversation): Promise<string | null> {
  const rows = await ctx
    .trx('conversations')
    .select('id')
    .where({ identity_id: ctx.actor.identityId, kind: 'direct' })
    .whereRaw('(created_at, id) < (select created_at, id from conversations where id = ?)', [row.id])
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(1)
  return z.array(z.object({ id: z.string() })).parse(rows)[0]?.id ?? null
}

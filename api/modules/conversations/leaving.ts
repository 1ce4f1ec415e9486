/** What becomes of open conversations when their agent may not work any more: back to the queue, or to a successor. */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { Account } from '../identity/index.ts'
import type { DisabledReason, Leaving } from '../organisation/index.ts'
import { announce, handAll, releaseAll } from '../routing/index.ts'
import { announceConversations, audience } from './announce.ts'
import { notice } from './append-message.ts'
import { settle } from './assign-conversation.ts'
import { ConversationRow, MessageRow } from './model.ts'

/** Locked in the order in which all lock. */
const openOf = (ctx: Ctx, accountId: string) =>
  ConversationRow.query(ctx.trx).where({ assignee_id: accountId, status: 'open' }).orderBy('id').forNoKeyUpdate()

async function nameOf(ctx: Ctx, accountId: string): Promise<string> {
  return (await Account.query(ctx.trx).findById(accountId).select('name').throwIfNotFound()).name
}

/**
 * His open conversations wait in the queue again, with the reason as a line in each; they keep their place in time, so that nobody
 * who has waited waits behind those who came later. The same number of statements for one as for five hundred.
 */
export async function giveBack(ctx: Ctx, accountId: string, reason: DisabledReason): Promise<void> {
  const rows = await openOf(ctx, accountId)
  const released = await releaseAll(ctx, 'conversation', accountId, `staff_${reason}`)
  if (rows.length === 0) return void (released.length > 0 && (await announce(ctx, accountId)))
  const before = new Map(rows.map((row) => [row.id, audience(row)]))
  await ctx.trx.raw(
    `update conversations set status = 'queued', assignee_id = null, queued_at = coalesce(waiting_since, (select app_now())),
       last_seq = last_seq + 1, version = version + 1, updated_at = (select app_now())
     where id = any(?::uuid[])`,
    [rows.map(({ id }) => id)],
  )
  const parts = notice('conversation_returned', { name: await nameOf(ctx, accountId), reason: `staff_${reason}` })
  const lines = await MessageRow.query(ctx.trx)
    .insert(
      rows.map((row) => ({
        id: newId(),
        conversation_id: row.id,
        seq: row.last_seq + 1,
        direction: 'system' as const,
        author_kind: 'system' as const,
        parts,
        occurred_at: ctx.now,
        created_at: ctx.now,
      })),
    )
    .returning('*')
  const lineIn = new Map(lines.map((line) => [line.conversation_id, [line]]))
  await announceConversations(
    ctx,
    rows.map(({ id }) => ({ id, created: lineIn.get(id) ?? [], before: before.get(id) ?? [] })),
  )
  await announce(ctx, accountId)
  for (const { id } of rows) ctx.emit({ name: 'conversation.returned', subjectId: id, payload: { accountId, reason: `staff_${reason}` } })
}

/** 离职继承: his open conversations go on with the successor. */
export const leavingConversations: Leaving = {
  kind: 'conversations',
  count: (ctx, accountId) => ConversationRow.query(ctx.trx).where({ assignee_id: accountId, status: 'open' }).resultSize(),
  async handOver(ctx, { from, to }) {
    const rows = await openOf(ctx, from)
    const people = { from: { id: from, name: await nameOf(ctx, from) }, to: { id: to, name: await nameOf(ctx, to) } }
    const assigned = await handAll(ctx, 'conversation', people.from, people.to)
    const settled = rows.flatMap((row) => {
      const agent = assigned.get(row.id)
      return agent ? [{ row, assigned: agent }] : []
    })
    await settle(ctx, settled)
    await announce(ctx, from)
    return settled.length
  },
}

const holders = z.array(z.object({ id: z.string() }))

/** Somebody may have taken work in the very moment in which he was disabled. */
export async function takeBackFromDisabled(app: App): Promise<void> {
  const rows = await app
    .db('accounts as a')
    .where('a.status', 'disabled')
    .whereExists((held) => held.from('conversations as v').whereRaw('v.assignee_id = a.id').where('v.status', 'open'))
    .select('a.id')
    .limit(100)
  for (const { id } of holders.parse(rows)) await inTransaction(app, SYSTEM, (ctx) => giveBack(ctx, id, 'disabled'))
}

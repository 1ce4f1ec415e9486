/** What becomes of open conversations when their agent may not or cannot work any more: back to the queue, or to a successor. */
import { z } from 'zod'
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { oneByOne } from '../../core/one-by-one.ts'
import { Account } from '../identity/index.ts'
import type { DisabledReason, Leaving } from '../organisation/index.ts'
import { handAll, releaseAll } from '../routing/index.ts'
import { settle } from './assign-conversation.ts'
import { releaseToQueue } from './assigning/release-to-queue.ts'
import { ConversationRow } from './model.ts'

/** Locked in the order in which all lock. */
const openOf = (ctx: Ctx, accountId: string) =>
  ConversationRow.query(ctx.trx).where({ assignee_id: accountId, status: 'open' }).orderBy('id').forNoKeyUpdate()

async function nameOf(ctx: Ctx, accountId: string): Promise<string> {
  return (await Account.query(ctx.trx).findById(accountId).select('name').throwIfNotFound()).name
}

/** His open conversations wait in the queue again, with the reason as a line in each. */
export const giveBack = (ctx: Ctx, accountId: string, reason: DisabledReason): Promise<void> => takeBack(ctx, accountId, `staff_${reason}`)

/** His browsers are gone without a word: customers shall not wait for somebody who is not there. */
export const takeBackFromAbsent = (ctx: Ctx, accountId: string): Promise<void> => takeBack(ctx, accountId, 'agent_absent')

async function takeBack(ctx: Ctx, accountId: string, code: string): Promise<void> {
  const rows = await openOf(ctx, accountId)
  const name = await nameOf(ctx, accountId)
  await releaseToQueue(ctx, rows, { reason: { code, params: { name } } })
  await releaseAll(ctx, 'conversation', accountId, code)
}

/** 离职继承: his open conversations go on with the successor. */
export const leavingConversations: Leaving = {
  kind: 'conversations',
  count: (ctx, accountId) => ConversationRow.query(ctx.trx).where({ assignee_id: accountId, status: 'open' }).resultSize(),
  async handOver(ctx, { from, to }) {
    const rows = await openOf(ctx, from)
    const people = { from: { id: from, name: await nameOf(ctx, from) }, to: { id: to, name: await nameOf(ctx, to) } }
    const assigned = await handAll(ctx, 'conversation', { ...people, workIds: rows.map(({ id }) => id) })
    const settled = rows.flatMap((row) => {
      const agent = assigned.get(row.id)
      return agent ? [{ row, assigned: agent }] : []
    })
    await settle(ctx, settled)
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
  const step = ({ id }: { id: string }) => inTransaction(app, SYSTEM, (ctx) => giveBack(ctx, id, 'disabled'))
  await oneByOne(app, 'conversations.not_taken_back', { rows: holders.parse(rows), step })
}

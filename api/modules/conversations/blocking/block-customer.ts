/** Customers who are not let in (BP-004): by permission, with a reason, until a day or until somebody lifts it. */
import type { z } from 'zod'
import type { Block, blockRequest } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { Row } from '../../../core/db.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { customerFor, IdentityRow, shownName } from '../../customers/index.ts'
import { Account } from '../../identity/index.ts'
import { announceConversation } from '../announce.ts'
import { endConversation } from '../close-conversation.ts'
import { ConversationRow } from '../model.ts'
import { ACTIVE_BLOCK } from './active-block.ts'

export class BlockRow extends Row {
  static override tableName = 'customer_blocks'
  declare id: string
  declare customer_id: string
  declare reason: string
  declare blocked_until: Date | null
  declare blocked_by: string | null
  declare blocked_at: Date
  declare told_at: Date | null
  declare lifted_at: Date | null
  declare lifted_by: string | null
}

/** In force now, or undefined. */
export const activeBlock = (ctx: Ctx, customerId: string): Promise<BlockRow | undefined> =>
  Promise.resolve(BlockRow.query(ctx.trx).alias('b').where('b.customer_id', customerId).whereRaw(ACTIVE_BLOCK('b')).first())

/**
 * His open conversations end; what he writes from now on is kept where nobody is called. Blocking again changes reason and end.
 * Locks as the intake does, identities before conversations: a message that comes this moment is either before the end or unheard.
 * @throws Invalid `time_passed`; Conflict `customer_merged`
 */
export async function blockCustomer(ctx: Ctx<StaffActor>, customerId: string, input: z.infer<typeof blockRequest>): Promise<Block> {
  const until = input.until ? new Date(input.until) : null
  if (until && until <= ctx.now) throw new Invalid('time_passed', 'the end of a block lies in the future')
  const identities = await IdentityRow.query(ctx.trx).where({ customer_id: customerId }).orderBy('id').forNoKeyUpdate().select('id')
  const customer = await customerFor(ctx, customerId, 'change')
  const known = await BlockRow.query(ctx.trx).findOne({ customer_id: customerId, lifted_at: null }).forNoKeyUpdate()
  const terms = { reason: input.reason.trim(), blocked_until: until, blocked_by: ctx.actor.accountId, blocked_at: ctx.now }
  const row = known
    ? await known.$query(ctx.trx).patchAndFetch(terms)
    : await BlockRow.query(ctx.trx).insertAndFetch({ id: newId(), customer_id: customerId, ...terms })
  const conversations = await ConversationRow.query(ctx.trx)
    .where({ customer_id: customerId })
    .whereIn(
      'identity_id',
      identities.map(({ id }) => id),
    )
    .whereNot('status', 'closed')
    .orderBy('id')
    .forNoKeyUpdate()
  for (const conversation of conversations) await endConversation(ctx, conversation, 'blocked')
  await record(ctx, {
    action: 'customer.blocked',
    object: { kind: 'customer', id: customerId, label: shownName(customer) },
    before: known ? { reason: known.reason, until: known.blocked_until?.toISOString() ?? null } : null,
    after: { reason: row.reason, until: until?.toISOString() ?? null },
  })
  ctx.emit({ name: 'customer.blocked', subjectId: customerId, payload: { by: ctx.actor.accountId } })
  return presentBlock(ctx, row, shownName(customer))
}

/** Let in again. @throws NotFound when he is not blocked */
export async function unblockCustomer(ctx: Ctx<StaffActor>, customerId: string): Promise<void> {
  const customer = await customerFor(ctx, customerId)
  const row = await BlockRow.query(ctx.trx).findOne({ customer_id: customerId, lifted_at: null }).forNoKeyUpdate()
  if (!row || (row.blocked_until !== null && row.blocked_until <= ctx.now)) throw new NotFound('block')
  await row.$query(ctx.trx).patch({ lifted_at: ctx.now, lifted_by: ctx.actor.accountId })
  await record(ctx, {
    action: 'customer.unblocked',
    object: { kind: 'customer', id: customerId, label: shownName(customer) },
    before: { reason: row.reason, until: row.blocked_until?.toISOString() ?? null },
  })
  ctx.emit({ name: 'customer.unblocked', subjectId: customerId, payload: { by: ctx.actor.accountId } })
  await announceLatest(ctx, customerId)
}

/** Whoever has one of his conversations on the screen sees that he is in again. */
async function announceLatest(ctx: Ctx, customerId: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).where({ customer_id: customerId }).orderBy('created_at', 'desc').first().forNoKeyUpdate()
  if (!row) return
  await row.$query(ctx.trx).patch({ version: row.version + 1 })
  await announceConversation(ctx, row.id)
}

/** @throws NotFound outside one's scope */
export async function blockOf(ctx: Ctx<StaffActor>, customerId: string): Promise<Block | null> {
  const customer = await customerFor(ctx, customerId)
  const row = await activeBlock(ctx, customerId)
  return row ? presentBlock(ctx, row, shownName(customer)) : null
}

export async function refuseBlocked(ctx: Ctx, customerId: string): Promise<void> {
  const row = await activeBlock(ctx, customerId)
  if (row) throw new Conflict('customer_blocked', 'this customer is blocked', { until: row.blocked_until?.toISOString() ?? null })
}

export async function presentBlock(ctx: Ctx, row: BlockRow, name: string | null): Promise<Block> {
  const by = row.blocked_by === null ? undefined : await Account.query(ctx.trx).findById(row.blocked_by).select('id', 'name')
  return {
    customer: { id: row.customer_id, name },
    reason: row.reason,
    until: row.blocked_until?.toISOString() ?? null,
    by: by ? { id: by.id, name: by.name } : null,
    at: row.blocked_at.toISOString(),
  }
}

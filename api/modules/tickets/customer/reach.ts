/** Whose tickets somebody on a customer's page may see, and in whose name he acts (MOD-10, S1). */
import { z } from 'zod'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { identityOf } from '../ending/show-ending.ts'
import { TicketRow } from '../model.ts'
import { linkedBy } from './ticket-links.ts'

/**
 * `wide`: all tickets of this person, on whatever channel; else only those of the identity at the page. A visitor who has proven nothing sees what he
 * wrote himself, even where colleagues have found out who he is.
 */
export interface CustomerReach {
  customerId: string
  identityId: string
  wide: boolean
  /** Behind a link to one ticket: that one alone. */
  ticketId: string | null
}

/** At the page of the web channel. */
export const reachOf = ({ actor }: Ctx<CustomerActor>): CustomerReach => ({
  customerId: actor.customerId,
  identityId: actor.identityId,
  wide: actor.session.method !== null,
  ticketId: null,
})

const identities = z.array(z.object({ id: z.string(), customer_id: z.string(), channel_account_id: z.string(), value: z.string() }))

/**
 * Behind a signed link: the platform has said whose identity it is, so all of his tickets are open to him.
 * @returns what he reaches, and the context in which he acts
 * @throws NotFound for a link that is not ours, too old, or leads nowhere any more
 */
export async function enterByLink(ctx: Ctx, token: string): Promise<{ ctx: Ctx<CustomerActor>; reach: CustomerReach }> {
  const linked = linkedBy(ctx.app.config, token, ctx.now)
  if (!linked) throw new NotFound('ticket link')
  const ticket = linked.kind === 'ticket' ? await TicketRow.query(ctx.trx).findById(linked.id) : undefined
  if (linked.kind === 'ticket' && !ticket?.customer_id) throw new NotFound('ticket link')
  const identityId = ticket ? await identityOf(ctx, ticket) : linked.id
  const [identity] = identities.parse(
    await ctx
      .trx('customer_identities')
      .where({ id: identityId })
      .whereNotNull('channel_account_id')
      .select('id', 'customer_id', 'channel_account_id', 'value'),
  )
  if (!identity) throw new NotFound('ticket link')
  const customerId = ticket?.customer_id ?? identity.customer_id
  const actor: CustomerActor = {
    kind: 'customer',
    customerId,
    identityId: identity.id,
    channelAccountId: identity.channel_account_id,
    externalId: identity.value,
    session: { id: linked.id, method: null, since: ctx.now },
  }
  return { ctx: { ...ctx, actor }, reach: { customerId, identityId: identity.id, wide: true, ticketId: ticket?.id ?? null } }
}

/** SQL over `tickets t`: what he reaches. */
export function reachedTickets({ customerId, identityId, wide, ticketId }: CustomerReach): { sql: string; bindings: string[] } {
  if (ticketId !== null) return { sql: 't.id = ?', bindings: [ticketId] }
  return wide
    ? { sql: '(t.identity_id = ? or t.customer_id = ?)', bindings: [identityId, customerId] }
    : { sql: 't.identity_id = ?', bindings: [identityId] }
}

/** A ticket that was merged is read as the one it became, where that is his as well. @throws NotFound */
export async function ownTicket(ctx: Ctx, reach: CustomerReach, id: string): Promise<TicketRow> {
  const { sql, bindings } = reachedTickets(reach)
  const row = await TicketRow.query(ctx.trx).alias('t').where('t.id', id).whereRaw(sql, bindings).first()
  if (!row) throw new NotFound('ticket')
  if (row.merged_into === null) return row
  const survivor = await TicketRow.query(ctx.trx).findById(row.merged_into)
  return survivor && survivor.customer_id === row.customer_id && survivor.merged_into === null ? survivor : row
}

/** The same, locked for a change. @throws NotFound */
export async function lockOwn(ctx: Ctx, reach: CustomerReach, id: string): Promise<TicketRow> {
  const { id: found } = await ownTicket(ctx, reach, id)
  const row = await TicketRow.query(ctx.trx).findById(found).forNoKeyUpdate()
  if (!row) throw new NotFound('ticket')
  return row
}

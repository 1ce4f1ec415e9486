import { z } from 'zod'
import type { CustomerTicketCreate } from '../../../contract/ticket-customer.ts'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { sha256 } from '../../../core/secrets.ts'
import { createTicket } from '../create.ts'
import { keepCustomerFiles } from '../follow-ups/files.ts'
import type { TicketRow } from '../model.ts'
import { lockTicket } from '../policy.ts'
import type { CustomerReach } from './reach.ts'
import { typeFor } from './type-for.ts'

const formRows = z.object({ rows: z.array(z.object({ ticket_id: z.string().nullable(), request_digest: z.instanceof(Buffer) })) })

/** Taken before the ticket is made: whoever sends the same form at once waits here, and then finds it. */
async function takeKey(ctx: Ctx, identityId: string, { clientKey, ...input }: CustomerTicketCreate): Promise<string | null> {
  const digest = sha256(JSON.stringify(input))
  await ctx.trx.raw(
    `insert into ticket_customer_forms (identity_id, client_key, request_digest, created_at) values (?, ?, ?, ?) on conflict do nothing`,
    [identityId, clientKey, digest, ctx.now],
  )
  const answer: unknown = await ctx.trx.raw(
    `select ticket_id, request_digest from ticket_customer_forms where identity_id = ? and client_key = ? for update`,
    [identityId, clientKey],
  )
  const [form] = formRows.parse(answer).rows
  if (!form?.request_digest.equals(digest)) throw new Conflict('idempotency_mismatch', 'this client key was used for another form')
  return form.ticket_id
}

/**
 * A ticket by the customer's own form (BP-005.1, MOD-10); the same key is the same ticket.
 * @throws Conflict `idempotency_mismatch`; Invalid `ticket_type_disabled`, `field_invalid`, `ticket_fields_missing`, `attachment_not_ready`
 */
export async function createOwn(ctx: Ctx<CustomerActor>, reach: CustomerReach, input: CustomerTicketCreate): Promise<TicketRow> {
  const made = await takeKey(ctx, reach.identityId, input)
  if (made !== null) return lockTicket(ctx, made)
  const typeId = await typeFor(ctx, input.typeId)
  if (typeId === null) throw new Invalid('ticket_type_disabled', 'there are no types of tickets')
  const row = await createTicket(ctx, {
    source: 'customer',
    title: input.title.trim(),
    description: input.text.trim(),
    typeId,
    fields: input.fields,
    customerId: reach.customerId,
    identityId: reach.identityId,
    channelAccountId: ctx.actor.channelAccountId,
    furnish: ({ id }) =>
      keepCustomerFiles(ctx, { ticketId: id, followUpId: null }, { identityId: reach.identityId, attachmentIds: input.attachmentIds }),
  })
  await ctx.trx('ticket_customer_forms').where({ identity_id: reach.identityId, client_key: input.clientKey }).update({ ticket_id: row.id })
  return row
}

/** Phone numbers of a customer: kept whole, shown masked, told whole one at a time and never without a line in the trail. */
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { maskPhone, parsePhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { addIdentity } from './identities.ts'
import { type CustomerRow, IdentityRow } from './model.ts'
import { customerFor } from './policy.ts'
import { shownName } from './shown-name.ts'

const MAX_PHONES = 10

async function phoneFor(ctx: Ctx, customerId: string, identityId: string): Promise<IdentityRow> {
  const row = await IdentityRow.query(ctx.trx).findOne({ id: identityId, customer_id: customerId, kind: 'phone' })
  if (!row) throw new NotFound('phone')
  return row
}

/** @throws NotFound for anything that is not a phone of this customer, or a customer outside the reader's scope */
export async function revealPhone(ctx: Ctx<StaffActor>, customerId: string, identityId: string): Promise<string> {
  const customer = await customerFor(ctx, customerId)
  const phone = await phoneFor(ctx, customerId, identityId)
  await record(ctx, {
    action: 'customer.phone_read',
    object: { kind: 'customer', id: customerId, label: shownName(customer) },
    context: { identityId, number: maskPhone(phone.value) },
  })
  return phone.value
}

/** A number that staff were told: not proven. @throws Invalid `phone_invalid`; Conflict `phone_taken`, `limit_reached` */
export async function addPhone(ctx: Ctx<StaffActor>, customerId: string, text: string): Promise<CustomerRow> {
  const customer = await customerFor(ctx, customerId, 'change')
  const value = parsePhone(text)
  const outcome = await addIdentity(ctx, customerId, { kind: 'phone', value, evidence: { source: 'staff' }, verified: false })
  if (outcome.customerId !== customerId) throw new Conflict('phone_taken', 'this phone belongs to another customer', { kind: 'phone' })
  if (!outcome.added) return customer
  const count = await IdentityRow.query(ctx.trx).where({ customer_id: customerId, kind: 'phone' }).resultSize()
  if (count > MAX_PHONES) throw new Conflict('limit_reached', 'too many phones of one customer', { limit: MAX_PHONES })
  return noted(ctx, customer, { action: 'customer.phone_added', after: { number: maskPhone(value) } })
}

/** Also a proven one: numbers change hands. */
export async function removePhone(ctx: Ctx<StaffActor>, customerId: string, identityId: string): Promise<CustomerRow> {
  const customer = await customerFor(ctx, customerId, 'change')
  const phone = await phoneFor(ctx, customerId, identityId)
  await phone.$query(ctx.trx).delete()
  return noted(ctx, customer, { action: 'customer.phone_removed', before: { number: maskPhone(phone.value) } })
}

async function noted(
  ctx: Ctx,
  customer: CustomerRow,
  line: { action: string; before?: Record<string, string>; after?: Record<string, string> },
): Promise<CustomerRow> {
  await record(ctx, { ...line, object: { kind: 'customer', id: customer.id, label: shownName(customer) } })
  ctx.emit({ name: 'customer.changed', subjectId: customer.id })
  return customer.$query(ctx.trx).patchAndFetch({ version: customer.version + 1, updated_at: ctx.now })
}

import type { CustomerCreate } from '../../contract/customer.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { parsePhone } from '../../core/phone.ts'
import { createCustomer, IdentityTaken } from './create-customer.ts'
import type { CustomerRow } from './model.ts'
import { customerFor } from './policy.ts'

/**
 * A customer whom staff enter themselves; theirs unless they say whose. A phone that is known already leads to its customer, if one may see
 * him.
 * @throws Conflict `phone_taken` with `{ customerId }` within the reader's scope; as `createCustomer`
 */
export async function addByHand(ctx: Ctx<StaffActor>, { phone, fields, ownerId, ...body }: CustomerCreate): Promise<CustomerRow> {
  const identities =
    phone === undefined ? [] : [{ kind: 'phone' as const, value: parsePhone(phone), evidence: { source: 'staff' }, verified: false }]
  // Without an owner an agent would not see whom he has just entered.
  const owner = ownerId === undefined ? ctx.actor.accountId : ownerId
  try {
    return await createCustomer(ctx, { ...body, ownerId: owner, fields: fields ?? {}, identities })
  } catch (error) {
    if (!(error instanceof IdentityTaken)) throw error
    const seen = await customerFor(ctx, error.customerId).catch((hidden: unknown) => {
      if (hidden instanceof NotFound) return null
      throw hidden
    })
    throw new Conflict('phone_taken', error.message, { customerId: seen?.id ?? null })
  }
}

import type { WebProfile } from '../../../contract/registration.ts'
import { type Ctx, type CustomerActor, inTransaction, type RequestSource } from '../../../core/context.ts'
import type { App } from '../../../core/app.ts'
import { AppError, NotFound } from '../../../core/errors.ts'
import { maskPhone, parsePhone } from '../../../core/phone.ts'
import { record } from '../../audit/index.ts'
import { mergeByProof } from '../../customers/index.ts'
import { checkCode, releaseCode } from '../../identity/index.ts'
import { presentProfile } from '../profile.ts'
import { LOGIN_CODE } from './by-code.ts'
import { phoneProof } from './proofs.ts'

/**
 * Whoever signed in by WeChat proves his number as well. A customer who has that number, proven, is himself: both become one, and this page
 * goes on as it is.
 * @throws NotFound for visitors; as `checkCode`
 */
export async function addOwnPhone(
  app: App,
  actor: CustomerActor,
  input: { phone: string; code: string; source: RequestSource | null },
): Promise<WebProfile> {
  if (actor.session.method === null) throw new NotFound('profile')
  const phone = parsePhone(input.phone)
  const code = await checkCode(app, { phone, purpose: LOGIN_CODE, code: input.code })
  try {
    return await inTransaction(app, actor, (ctx) => join(ctx, phone), input.source)
  } catch (error) {
    if (error instanceof AppError) await releaseCode(app, code.id)
    throw error
  }
}

async function join(ctx: Ctx<CustomerActor>, phone: string): Promise<WebProfile> {
  const { customerId } = ctx.actor
  const proof = phoneProof(phone)
  await ctx.trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`sign-in:${proof.key}`])
  const holder = await proof.holder(ctx)
  if (holder === null) await proof.attach(ctx, customerId)
  else if (holder !== customerId) await mergeByProof(ctx, { from: holder, into: customerId, reason: 'phone' })
  await record(ctx, {
    action: 'customer.phone_proven',
    object: { kind: 'customer', id: customerId },
    context: { phone: maskPhone(phone), merged: holder !== null && holder !== customerId },
  })
  return presentProfile(ctx, customerId)
}

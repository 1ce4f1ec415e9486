import type { WebDevice } from '../../../contract/registration.ts'
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { customerDevices, revokeCustomerTokens } from '../../customers/index.ts'

/** Where I am signed in; a visitor is nowhere. */
export async function listDevices(ctx: Ctx<CustomerActor>): Promise<WebDevice[]> {
  if (ctx.actor.session.method === null) return []
  return (await customerDevices(ctx.trx, ctx.actor.customerId)).map((row) => ({
    id: row.id,
    method: row.login_method,
    page: row.page,
    userAgent: row.user_agent,
    ip: row.ip,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    current: row.id === ctx.actor.session.id,
  }))
}

/** Ends one of mine; its page is cut off at once. @throws NotFound for anybody else's */
export async function revokeDevice(ctx: Ctx<CustomerActor>, id: string): Promise<void> {
  const own = await listDevices(ctx)
  if (!own.some((device) => device.id === id)) throw new NotFound('device')
  await revokeCustomerTokens(ctx, { id })
  await record(ctx, {
    action: 'customer.signed_out',
    object: { kind: 'customer', id: ctx.actor.customerId },
    context: { sessionId: id, byOther: id !== ctx.actor.session.id },
  })
}

/** Ends this one, a visitor's too: the next one at this device begins as somebody new. */
export const signOut = (ctx: Ctx<CustomerActor>): Promise<void> =>
  ctx.actor.session.method === null ? revokeCustomerTokens(ctx, { id: ctx.actor.session.id }) : revokeDevice(ctx, ctx.actor.session.id)

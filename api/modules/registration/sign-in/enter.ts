/** Somebody has proven who he is: he becomes, or turns out to be, a customer, and sits down at this page (BP-001.3, BP-002). */
import { z } from 'zod'
import type { CustomerLoginMethod } from '../../../contract/registration.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, type CustomerActor, inTransaction, type RequestSource, SYSTEM } from '../../../core/context.ts'
import { record } from '../../audit/index.ts'
import type { OpenAccount } from '../../channels/index.ts'
import { CustomerRow, createCustomer, inviteOwner, issueCustomerToken, revokeCustomerTokens } from '../../customers/index.ts'
import { relateInvited } from '../../teams/index.ts'
import { useLink } from '../links/use-link.ts'
import type { LinkRow } from '../model.ts'
import { recordConsent } from './consent.ts'
import { seatAtPage } from './page-seat.ts'
import type { Proof } from './proofs.ts'
import { isAnonymousAt, visitorToKeep } from './visitors.ts'

export interface Entry {
  page: OpenAccount
  method: CustomerLoginMethod
  proof: Proof
  privacyVersion: number
  link: LinkRow | null
  /** Who the browser was for us a moment ago. */
  visitor: CustomerActor | null
  keepConversation: boolean
  source: RequestSource | null
  /** Done with it, before the token is made. */
  before?: (ctx: Ctx, customerId: string) => Promise<void>
}

export interface Entered {
  token: string
  expiresAt: Date
  registered: boolean
  customerId: string
}

/** One transaction: a link that was used up meanwhile, or a lost race, leaves nothing behind. */
export const enter = (app: App, entry: Entry): Promise<Entered> =>
  inTransaction(app, SYSTEM, (ctx) => enterWithin(ctx, entry), entry.source)

async function enterWithin(ctx: Ctx, entry: Entry): Promise<Entered> {
  const { page, proof, link } = entry
  // Two who prove the same key at once, on two devices: one makes the customer, the other finds him.
  await ctx.trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`sign-in:${proof.key}`])
  const known = await proof.holder(ctx)
  const kept = await visitorToKeep(ctx, entry.visitor, page.id, entry.keepConversation)
  const customerId = known ?? kept?.customerId ?? (await createCustomer(ctx, { name: proof.name })).id
  if (known === null) await proof.attach(ctx, customerId)
  const identityId = await seatAtPage(ctx, { page, customerId, kept, source: proof.source })
  if (entry.visitor) await leaveSeat(ctx, entry.visitor, page.id)
  const registered = await register(ctx, entry, customerId)
  if (link) await followLink(ctx, link, { id: customerId, isNew: registered })
  await recordConsent(ctx, { customerId, version: entry.privacyVersion, method: entry.method })
  await entry.before?.(ctx, customerId)
  const login = { method: entry.method, ip: entry.source?.ip ?? null, userAgent: entry.source?.userAgent ?? null }
  const { id, token, expiresAt } = await issueCustomerToken(ctx.trx, identityId, ctx.now, login)
  await tellTrail(ctx, { customerId, registered, entry, sessionId: id })
  return { token, expiresAt, registered, customerId }
}

/** The visitor of before is over in all his windows; of whoever was signed in here, this device alone. */
const leaveSeat = (ctx: Ctx, visitor: CustomerActor, pageId: string): Promise<void> =>
  revokeCustomerTokens(ctx, isAnonymousAt(visitor, pageId) ? { identityId: visitor.identityId } : { id: visitor.session.id })

const inserted = z.array(z.object({ customer_id: z.string() }))

/** @returns true when he had not registered before, whoever knew him otherwise */
async function register(ctx: Ctx, { page, link }: Entry, customerId: string): Promise<boolean> {
  const [row] = inserted.parse(
    await ctx
      .trx('registrations')
      .insert({ customer_id: customerId, link_id: link?.id ?? null, channel_account_id: page.id, created_at: ctx.now, updated_at: ctx.now })
      .onConflict('customer_id')
      .ignore()
      .returning('customer_id'),
  )
  if (!row) return false
  ctx.emit({ name: 'customer.registered', subjectId: customerId, payload: { linkId: link?.id ?? null } })
  return true
}

/** The link is used now; whom it leads to is who serves him from here on. */
async function followLink(ctx: Ctx, link: LinkRow, customer: { id: string; isNew: boolean }): Promise<void> {
  await useLink(ctx, link, customer)
  await inviteOwner(ctx, customer.id, link.created_by)
  if (link.team_id !== null) await relateInvited(ctx, { customerId: customer.id, teamId: link.team_id, by: link.created_by })
}

async function tellTrail(ctx: Ctx, told: { customerId: string; registered: boolean; entry: Entry; sessionId: string }): Promise<void> {
  const { customerId, registered, entry } = told
  const row = await CustomerRow.query(ctx.trx).findById(customerId).select('name', 'remark_name')
  await record(ctx, {
    action: registered ? 'customer.registered' : 'customer.signed_in',
    object: { kind: 'customer', id: customerId, label: row?.remark_name ?? row?.name ?? null },
    context: {
      method: entry.method,
      page: entry.page.id,
      linkId: entry.link?.id ?? null,
      privacyVersion: entry.privacyVersion,
      sessionId: told.sessionId,
    },
  })
}

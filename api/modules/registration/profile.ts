/** What a customer sees and says of himself on our pages (BP-001.4). */
import { z } from 'zod'
import type { WebProfile, WebProfilePatch } from '../../contract/registration.ts'
import type { Ctx, CustomerActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { maskPhone } from '../../core/phone.ts'
import { CustomerRow, describeOneself } from '../customers/index.ts'
import { RegistrationRow } from './model.ts'

const facts = z.object({
  rows: z.tuple([
    z.object({
      phone: z.string().nullable(),
      organisation: z.string().nullable(),
      institution: z.string().nullable(),
      has_password: z.boolean(),
      wechat: z.boolean(),
    }),
  ]),
})

export async function presentProfile(ctx: Ctx, customerId: string): Promise<WebProfile> {
  const row = await CustomerRow.query(ctx.trx).findById(customerId)
  if (!row) throw new NotFound('customer')
  const [known] = facts.parse(
    await ctx.trx.raw(
      `select
         (select value from customer_identities i where i.customer_id = c.id and i.kind = 'phone' and i.verified_at is not null order by i.first_seen_at limit 1) as phone,
         (select r.organisation from registrations r where r.customer_id = c.id) as organisation,
         (select n.name from institutions n where n.id = c.institution_id) as institution,
         exists (select 1 from customer_accounts a join accounts b on b.id = a.account_id where a.customer_id = c.id and b.password_hash is not null) as has_password,
         exists (select 1 from customer_identities i where i.customer_id = c.id and i.evidence ->> 'source' = 'wechat_scan') as wechat
       from customers c where c.id = ?`,
      [customerId],
    ),
  ).rows
  return {
    name: row.name,
    phone: known.phone === null ? null : maskPhone(known.phone),
    organisation: known.institution ?? known.organisation,
    title: row.title,
    status: row.status,
    hasPassword: known.has_password,
    wechatBound: known.wechat,
    version: row.version,
  }
}

/**
 * Completes or corrects it, whenever he likes. Who is formal already keeps his institution: that is the company's record.
 * Emits `registration.profile-completed`.
 * @throws NotFound for visitors who have not signed in; Conflict `version_conflict`
 */
export async function completeProfile(ctx: Ctx<CustomerActor>, patch: WebProfilePatch): Promise<WebProfile> {
  const { customerId, session } = ctx.actor
  if (session.method === null) throw new NotFound('profile')
  await describeOneself(ctx, customerId, patch)
  if (patch.organisation !== undefined) {
    const organisation = patch.organisation?.trim() || null
    await RegistrationRow.query(ctx.trx).findById(customerId).patch({ organisation, archive_checked_at: null, updated_at: ctx.now })
  }
  ctx.emit({ name: 'registration.profile-completed', subjectId: customerId })
  return presentProfile(ctx, customerId)
}

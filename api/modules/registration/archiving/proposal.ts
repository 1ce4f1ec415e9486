/** What a colleague should know before a temporary customer becomes a formal one (BP-001.5). */
import { z } from 'zod'
import { DUPLICATE_REASONS, type ArchivingProposal } from '../../../contract/registration.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { customerFor, namedInstitutions, readerScope, SHOWN_NAME, withinScope } from '../../customers/index.ts'
import { RegistrationRow } from '../model.ts'

const MOST = 20

/**
 * Institutions that his 单位 may mean, and customers who may be the same person. Those outside the reader's scope are not told.
 * @throws NotFound
 */
export async function archivingProposal(ctx: Ctx<StaffActor>, customerId: string): Promise<ArchivingProposal> {
  const customer = await customerFor(ctx, customerId)
  const registration = await RegistrationRow.query(ctx.trx).findById(customerId).select('organisation')
  const organisation = registration?.organisation ?? null
  const institutions = organisation === null ? [] : await namedInstitutions(ctx, organisation, MOST)
  const known = customer.institution_id === null ? [] : [customer.institution_id]
  const institutionIds = [...known, ...institutions.flatMap(({ id, exact }) => (exact ? [id] : []))]
  const name = customer.remark_name ?? customer.name
  return { organisation, institutions, duplicates: await findDuplicates(ctx, { id: customerId, name, institutionIds, organisation }) }
}

interface Person {
  id: string
  name: string | null
  institutionIds: readonly string[]
  organisation: string | null
}

const duplicateRows = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    institution: z.string().nullable(),
    reasons: z.array(z.enum(DUPLICATE_REASONS)),
  }),
)

/** By indexes alone: the number was noted for somebody else before it was proven; WeChat told a unionid that is another's; same name, same place. */
async function findDuplicates(ctx: Ctx<StaffActor>, person: Person): Promise<ArchivingProposal['duplicates']> {
  const scope = await readerScope(ctx)
  const candidates = ctx.trx.raw(
    `select (i.evidence ->> 'takenFrom')::uuid as id, 'phone' as reason
       from customer_identities i where i.customer_id = :id and i.kind = 'phone' and i.evidence ->> 'takenFrom' is not null
     union all
     select e.customer_id, 'unionid' from customer_identities i
       join customer_identities e on e.kind = 'unionid' and e.channel_account_id is null and e.value = i.profile ->> 'unionid'
       where i.customer_id = :id
     union all
     select p.id, 'name_and_institution' from customers p
       where p.institution_id = any(:institutionIds::uuid[]) and coalesce(p.remark_name, p.name) = :name
     union all
     select r.customer_id, 'name_and_institution' from registrations r join customers p on p.id = r.customer_id
       where lower(r.organisation) = lower(:organisation) and coalesce(p.remark_name, p.name) = :name`,
    { ...person, institutionIds: [...person.institutionIds] },
  )
  return duplicateRows.parse(
    await ctx
      .trx('customers as c')
      .joinRaw('join (?) d on d.id = c.id', [candidates])
      .leftJoin('institutions as n', 'n.id', 'c.institution_id')
      .select('c.id', ctx.trx.raw(`${SHOWN_NAME} as name`), 'n.name as institution', ctx.trx.raw('array_agg(distinct d.reason) as reasons'))
      .whereNot('c.id', person.id)
      .whereNull('c.merged_into_id')
      .whereNull('c.archived_at')
      .modify((builder) => withinScope(builder, scope, 'c.id'))
      .groupBy('c.id', 'n.name')
      .orderBy('c.id')
      .limit(MOST),
  )
}

import type { StrongKind } from '../../contract/customer.ts'
import type { CustomerStatus } from '../../contract/customer-terms.ts'
import type { FieldValues } from '../../contract/dictionary.ts'
import type { Ctx } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { maskPhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { checkFields } from '../settings/index.ts'
import { addIdentity, type NewIdentity } from './identities.ts'
import { CustomerRow } from './model.ts'
import { checkReferences, type References } from './references.ts'
import { indexedNames } from './search-index.ts'
import { shownName, tidy } from './shown-name.ts'
import { checkTags, setTags } from './tag-one.ts'

export interface NewCustomer extends References {
  name: string | null
  remarkName?: string | null | undefined
  avatarUrl?: string | null | undefined
  title?: string | null | undefined
  note?: string | null | undefined
  /** Checked by the dictionary where given: also that none which is required is missing. */
  fields?: FieldValues | undefined
  /** Default `temporary`. */
  status?: CustomerStatus | undefined
  identities?: readonly NewIdentity[] | undefined
  tagIds?: readonly string[] | undefined
}

/** The key belongs to somebody: the caller decides what of him may be told. */
export class IdentityTaken extends Conflict {
  readonly customerId: string
  constructor(kind: StrongKind, customerId: string) {
    super(kind === 'phone' ? 'phone_taken' : 'conflict', `this ${kind} belongs to another customer`, { kind })
    this.customerId = customerId
  }
}

/**
 * A new customer (BP-001.3, MOD-04), by hand, by registration or by import.
 * Emits `customer.created`.
 * @throws IdentityTaken when somebody already has one of the keys; Invalid for what he refers to; Conflict `limit_reached` for too many tags
 */
export async function createCustomer(ctx: Ctx, input: NewCustomer): Promise<CustomerRow> {
  await checkReferences(ctx, input)
  const fields = input.fields === undefined ? {} : await checkFields(ctx, 'customer_field', input.fields)
  const tagIds = await checkTags(ctx, input.tagIds ?? [])
  const row = await CustomerRow.query(ctx.trx).insertAndFetch({ ...columnsOf(ctx, input), fields })
  for (const identity of input.identities ?? []) {
    const { customerId } = await addIdentity(ctx, row.id, identity)
    if (customerId !== row.id) throw new IdentityTaken(identity.kind, customerId)
  }
  await setTags(ctx, row.id, { add: tagIds, remove: [] })
  await record(ctx, { action: 'customer.created', object: { kind: 'customer', id: row.id, label: shownName(row) }, after: factsOf(input) })
  ctx.emit({ name: 'customer.created', subjectId: row.id, payload: { status: row.status } })
  return row
}

function columnsOf(ctx: Ctx, input: NewCustomer) {
  const name = tidy(input.name)
  const remark = tidy(input.remarkName ?? null)
  return {
    id: newId(),
    name,
    remark_name: remark,
    ...indexedNames(ctx.trx, remark ?? name, [remark, name]),
    avatar_url: input.avatarUrl ?? null,
    title: tidy(input.title ?? null),
    note: tidy(input.note ?? null),
    status: input.status ?? ('temporary' as const),
    institution_id: input.institutionId ?? null,
    owner_id: input.ownerId ?? null,
    level_id: input.levelId ?? null,
    region_id: input.regionId ?? null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

/** For the trail: what he is called and belongs to, his numbers masked. */
const factsOf = (input: NewCustomer) => ({
  name: input.name,
  status: input.status ?? 'temporary',
  institutionId: input.institutionId ?? null,
  ownerId: input.ownerId ?? null,
  phones: (input.identities ?? []).flatMap(({ kind, value }) => (kind === 'phone' ? [maskPhone(value)] : [])),
})

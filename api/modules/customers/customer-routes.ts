import { z } from 'zod'
import {
  customerPatch,
  customerSchema,
  customerTagsPatch,
  formalRequest,
  phoneAdd,
  revealedSchema,
  versionRequest,
} from '../../contract/customer.ts'
import { one } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { archiveCustomer, restoreCustomer } from './archive-customer.ts'
import { makeFormalByHand } from './make-formal.ts'
import { survivorOf } from './merging/survivor.ts'
import { addPhone, removePhone, revealPhone } from './phones.ts'
import { customerFor } from './policy.ts'
import { presentCustomer } from './present.ts'
import { tagCustomer } from './tag-one.ts'
import { updateCustomer } from './update-customer.ts'

const idParams = z.strictObject({ id: z.uuid() })
const phoneParams = z.strictObject({ id: z.uuid(), identityId: z.uuid() })
const tag = 'customers'
const edit = { permission: 'customers.edit' } as const
const archive = { permission: 'customers.archive' } as const
const path = '/api/v1/customers/{id}'

const profile = [
  route({
    method: 'GET',
    path,
    summary:
      'A customer within my scope: profile, tags, and the channels and keys that know him (MOD-04). One who was merged away answers as the one he became',
    tag,
    auth: { permission: 'customers.read' },
    params: idParams,
    response: one(customerSchema),
    handle: async (ctx, { params }) => ({ data: await presentCustomer(ctx, await customerFor(ctx, await survivorOf(ctx, params.id))) }),
  }),
  route({
    method: 'PATCH',
    path,
    summary: 'Change what staff know about a customer',
    tag,
    auth: edit,
    params: idParams,
    body: customerPatch,
    example: { remarkName: '赵敏（临港智造 行政）', version: 2 },
    response: one(customerSchema),
    errors: ['version_conflict', 'customer_merged', 'entry_unknown', 'entry_disabled', 'field_invalid'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await updateCustomer(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: `${path}/formal`,
    summary: 'Make a temporary customer a formal one, under an institution (BP-001.5)',
    tag,
    auth: edit,
    params: idParams,
    body: formalRequest,
    example: { institutionId: '01930000-0000-7000-8000-000000000301', version: 1 },
    response: one(customerSchema),
    errors: ['version_conflict', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await makeFormalByHand(ctx, params.id, body)) }),
  }),
  route({
    method: 'PATCH',
    path: `${path}/tags`,
    summary: 'Put tags on a customer and take tags off (MOD-05)',
    tag,
    auth: edit,
    params: idParams,
    body: customerTagsPatch,
    example: { add: ['01930000-0000-7000-8000-000000000201'], remove: [] },
    response: one(customerSchema),
    errors: ['tag_unknown', 'limit_reached', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await tagCustomer(ctx, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: `${path}/archive`,
    summary: 'Archive a customer: out of the lists until he writes again or is restored (MOD-07)',
    tag,
    auth: archive,
    params: idParams,
    body: versionRequest,
    example: { version: 3 },
    response: one(customerSchema),
    errors: ['version_conflict', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await archiveCustomer(ctx, params.id, body.version)) }),
  }),
  route({
    method: 'POST',
    path: `${path}/restore`,
    summary: 'Restore an archived customer (MOD-07)',
    tag,
    auth: archive,
    params: idParams,
    body: versionRequest,
    example: { version: 4 },
    response: one(customerSchema),
    errors: ['version_conflict', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await restoreCustomer(ctx, params.id, body.version)) }),
  }),
]

const phones = [
  route({
    method: 'POST',
    path: `${path}/phones`,
    summary: 'Note a phone number that staff were told',
    tag,
    auth: edit,
    status: 201,
    params: idParams,
    body: phoneAdd,
    example: { phone: '+852 9123 4567' },
    response: one(customerSchema),
    errors: ['phone_invalid', 'phone_taken', 'limit_reached', 'customer_merged'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await addPhone(ctx, params.id, body.phone)) }),
  }),
  route({
    method: 'DELETE',
    path: `${path}/phones/{identityId}`,
    summary: 'Remove a phone number',
    tag,
    auth: edit,
    params: phoneParams,
    response: one(customerSchema),
    errors: ['customer_merged'],
    handle: async (ctx, { params }) => ({ data: await presentCustomer(ctx, await removePhone(ctx, params.id, params.identityId)) }),
  }),
  route({
    method: 'POST',
    path: `${path}/phones/{identityId}/reveal`,
    summary: 'Read a whole phone number; each time leaves a line in the audit trail',
    tag,
    auth: { permission: 'customers.view_phone' },
    limit: { per: 'actor', max: 60, windowSeconds: 60 },
    params: phoneParams,
    response: one(revealedSchema),
    handle: async (ctx, { params }) => ({ data: { value: await revealPhone(ctx, params.id, params.identityId) } }),
  }),
]

/** One customer. */
export const customerRoutes = [...profile, ...phones]

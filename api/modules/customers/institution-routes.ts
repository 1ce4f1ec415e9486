import { z } from 'zod'
import { versionRequest } from '../../contract/customer.ts'
import { institutionCreate, institutionListQuery, institutionPatch, listedInstitutionSchema } from '../../contract/institution.ts'
import { one, page } from '../../contract/list.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { route } from '../../core/http/route.ts'
import { archiveInstitution, createInstitution, institutionFor, restoreInstitution, updateInstitution } from './institutions.ts'
import { listInstitutions, presentListed } from './list-institutions.ts'

const idParams = z.strictObject({ id: z.uuid() })
const tag = 'institutions'
const read = { permission: 'customers.read' } as const
const edit = { permission: 'institutions.edit' } as const
const path = '/api/v1/institutions/{id}'
const response = one(listedInstitutionSchema)

async function present(ctx: Ctx, { id }: { id: string }) {
  const [data] = await presentListed(ctx, [id])
  if (!data) throw new NotFound('institution')
  return { data }
}

/** Their people are the customers with `institutionId`. */
export const institutionRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/institutions',
    summary: 'Institutions, searched by name and 拼音 (MOD-04)',
    tag,
    auth: read,
    query: institutionListQuery,
    response: page(listedInstitutionSchema),
    handle: (ctx, { query }) => listInstitutions(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/institutions',
    summary: 'Add an institution',
    tag,
    auth: edit,
    status: 201,
    body: institutionCreate,
    example: { name: '杭州禾木设计有限公司', address: '杭州市西湖区文三路 90 号', fields: {} },
    response,
    errors: ['name_taken', 'entry_unknown', 'entry_disabled', 'field_invalid'],
    handle: async (ctx, { body }) => present(ctx, await createInstitution(ctx, body)),
  }),
  route({
    method: 'GET',
    path,
    summary: 'One institution',
    tag,
    auth: read,
    params: idParams,
    response,
    handle: async (ctx, { params }) => present(ctx, await institutionFor(ctx, params.id)),
  }),
  route({
    method: 'PATCH',
    path,
    summary: 'Change an institution',
    tag,
    auth: edit,
    params: idParams,
    body: institutionPatch,
    example: { name: '禾木设计（杭州）有限公司', version: 1 },
    response,
    errors: ['name_taken', 'version_conflict', 'institution_cycle', 'entry_unknown', 'entry_disabled', 'field_invalid'],
    handle: async (ctx, { params, body }) => present(ctx, await updateInstitution(ctx, params.id, body)),
  }),
  route({
    method: 'POST',
    path: `${path}/archive`,
    summary: 'Archive an institution that nobody belongs to',
    tag,
    auth: edit,
    params: idParams,
    body: versionRequest,
    example: { version: 2 },
    response,
    errors: ['version_conflict', 'institution_in_use'],
    handle: async (ctx, { params, body }) => present(ctx, await archiveInstitution(ctx, params.id, body.version)),
  }),
  route({
    method: 'POST',
    path: `${path}/restore`,
    summary: 'Restore an archived institution',
    tag,
    auth: edit,
    params: idParams,
    body: versionRequest,
    example: { version: 3 },
    response,
    errors: ['version_conflict', 'name_taken'],
    handle: async (ctx, { params, body }) => present(ctx, await restoreInstitution(ctx, params.id, body.version)),
  }),
]

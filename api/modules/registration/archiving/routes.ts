import { z } from 'zod'
import { customerSchema } from '../../../contract/customer.ts'
import { one } from '../../../contract/list.ts'
import {
  archivingProposalSchema,
  archivingRequest,
  registrationSettingsPatch,
  registrationSettingsSchema,
} from '../../../contract/registration.ts'
import { route } from '../../../core/http/route.ts'
import { presentCustomer } from '../../customers/index.ts'
import { archiveUnder } from './archive.ts'
import { archivingProposal } from './proposal.ts'
import { changeRegistrationSettings, registrationSettings } from './settings.ts'

const tag = 'registration'
const idParams = z.strictObject({ id: z.uuid() })

export const archivingRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/customers/{id}/archiving',
    summary: 'Before a temporary customer becomes formal: institutions his 单位 may mean, and possible duplicates (BP-001.5)',
    tag,
    auth: { permission: 'customers.read' },
    params: idParams,
    response: one(archivingProposalSchema),
    handle: async (ctx, { params }) => ({ data: await archivingProposal(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/customers/{id}/archiving',
    summary: 'Make a temporary customer formal, under an institution (BP-001.5)',
    tag,
    auth: { permission: 'customers.edit' },
    params: idParams,
    body: archivingRequest,
    example: { institutionId: '01930000-0000-7000-8000-0000000000f1', version: 2 },
    response: one(customerSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await presentCustomer(ctx, await archiveUnder(ctx, params.id, body)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/registration-settings',
    summary: 'What happens by itself after a registration',
    tag,
    auth: { permission: 'registrations.manage' },
    response: one(registrationSettingsSchema),
    handle: async (ctx) => ({ data: await registrationSettings(ctx) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/registration-settings',
    summary: 'Let registered customers become formal by rule',
    tag,
    auth: { permission: 'settings.manage' },
    body: registrationSettingsPatch,
    example: { archiveMatching: true, version: 1 },
    response: one(registrationSettingsSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await changeRegistrationSettings(ctx, body) }),
  }),
]

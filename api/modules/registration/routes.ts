import { z } from 'zod'
import { listQuery, one, page } from '../../contract/list.ts'
import {
  registrationLinkCreate,
  registrationLinkCreated,
  registrationLinkQuery,
  registrationLinkRevoke,
  registrationLinkSchema,
  registrationTargetsSchema,
  registrationUseSchema,
} from '../../contract/registration.ts'
import { route } from '../../core/http/route.ts'
import { createLink } from './links/create-link.ts'
import { linkFor } from './links/policy.ts'
import { listLinks, listUses } from './links/queries.ts'
import { revokeLink } from './links/revoke-link.ts'
import { listTargets } from './links/targets.ts'
import { presentLink, presentLinks } from './present-link.ts'

const tag = 'registration'
const auth = { permission: 'registrations.manage' } as const
const idParams = z.strictObject({ id: z.uuid() })

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/registration-links',
    summary: 'Registration links within my scope: mine, my team’s, or all (BP-001.1)',
    tag,
    auth,
    query: registrationLinkQuery,
    response: page(registrationLinkSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listLinks(ctx, query)
      return { data: await presentLinks(ctx, rows), nextCursor }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/registration-links/targets',
    summary: 'Pages and teams that I can make links for',
    tag,
    auth,
    response: one(registrationTargetsSchema),
    handle: async (ctx) => ({ data: await listTargets(ctx) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/registration-links',
    summary: 'Make a link that invites customers to register; its address is told this once (BP-001.1)',
    tag,
    auth,
    status: 201,
    limit: { per: 'actor', max: 60, windowSeconds: 3600 },
    body: registrationLinkCreate,
    example: { accountId: '01930000-0000-7000-8000-00000000000b', label: '春季展会', validHours: 72, maxUses: 50 },
    response: one(registrationLinkCreated),
    async handle(ctx, { body }) {
      const { row, url } = await createLink(ctx, body)
      return { data: { link: await presentLink(ctx, row), url } }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/registration-links/{id}',
    summary: 'One link',
    tag,
    auth,
    params: idParams,
    response: one(registrationLinkSchema),
    handle: async (ctx, { params }) => ({ data: await presentLink(ctx, await linkFor(ctx, params.id)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/registration-links/{id}/revoke',
    summary: 'Take a link back: nobody registers with it any more',
    tag,
    auth,
    params: idParams,
    body: registrationLinkRevoke,
    example: { version: 1 },
    response: one(registrationLinkSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await presentLink(ctx, await revokeLink(ctx, params.id, body.version)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/registration-links/{id}/uses',
    summary: 'Who registered with a link',
    tag,
    auth,
    params: idParams,
    query: listQuery,
    response: page(registrationUseSchema),
    async handle(ctx, { params, query }) {
      const link = await linkFor(ctx, params.id)
      return listUses(ctx, link.id, query)
    },
  }),
]

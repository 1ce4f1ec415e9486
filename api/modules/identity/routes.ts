import {
  mePatch,
  meSchema,
  preferencesPatch,
  preferencesSchema,
  realtimeTicketSchema,
  staffQuery,
  staffSchema,
} from '../../contract/identity.ts'
import { one, page } from '../../contract/list.ts'
import { type Ctx, type StaffActor } from '../../core/context.ts'
import { SESSION_COOKIE } from '../../core/http/authentication.ts'
import { route } from '../../core/http/route.ts'
import { issueTicket } from '../../core/realtime/tickets.ts'
import { Account } from './model.ts'
import { changePreferences, mergePreferences, myPreferences } from './preferences.ts'
import { listColleagues } from './colleagues.ts'
import { presentMe } from './present.ts'
import { Unauthenticated } from '../../core/errors.ts'

async function myAccount(ctx: Ctx<StaffActor>): Promise<Account> {
  return Account.query(ctx.trx).findById(ctx.actor.accountId).throwIfNotFound()
}

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who I am, what I may, my preferences and presence',
    tag: 'identity',
    auth: 'staff',
    beforePasswordChange: true,
    response: one(meSchema),
    handle: async (ctx) => ({ data: await presentMe(ctx, await myAccount(ctx)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/me',
    summary: 'Change my language and preferences',
    tag: 'identity',
    auth: 'staff',
    body: mePatch,
    example: { locale: 'zh-CN', preferences: { theme: 'dark', enterToSend: true } },
    response: one(meSchema),
    async handle(ctx, { body }) {
      // Locked: two changes at once both count.
      const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).forNoKeyUpdate().throwIfNotFound()
      const changed = await account.$query(ctx.trx).patchAndFetch({
        ...(body.locale ? { locale: body.locale } : {}),
        preferences: mergePreferences(account.preferences, body.preferences ?? {}),
        version: account.version + 1,
      })
      return { data: await presentMe(ctx, changed) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/me/preferences',
    summary: 'My personal settings, the same on every device',
    tag: 'identity',
    auth: 'staff',
    response: one(preferencesSchema),
    handle: async (ctx) => ({ data: await myPreferences(ctx) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/me/preferences',
    summary: 'Change some of them; the layout key by key',
    tag: 'identity',
    auth: 'staff',
    body: preferencesPatch,
    example: { density: 'compact', layout: { 'panels.open': 'no' } },
    response: one(preferencesSchema),
    handle: async (ctx, { body }) => ({ data: await changePreferences(ctx, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/staff',
    summary: 'Names of all colleagues, in pages; roles and presence of those within my data scope (MOD-01)',
    tag: 'identity',
    auth: { permission: 'staff.read' },
    query: staffQuery,
    response: page(staffSchema),
    handle: (ctx, { query }) => listColleagues(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/realtime/tickets',
    automatic: true,
    summary: 'Single-use ticket for opening a socket, good for 30 seconds',
    tag: 'realtime',
    auth: 'staff',
    transaction: 'none',
    limit: { per: 'actor', max: 120, windowSeconds: 60 },
    response: one(realtimeTicketSchema),
    async handle(ctx, { request }) {
      const token: unknown = request.state[SESSION_COOKIE]
      if (typeof token !== 'string') throw new Unauthenticated('unauthenticated', 'sign in first')
      return { data: await issueTicket(ctx.app, 'staff', token, ctx.now) }
    },
  }),
]

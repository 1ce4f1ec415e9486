/** Signing in on the customer pages (BP-001.2–4, BP-002). Bearer tokens, no cookies: embedded pages get none. */
import type { Request } from '@hapi/hapi'
import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { codeTicketSchema } from '../../contract/login.ts'
import {
  linkOpenRequest,
  openedLinkSchema,
  webCodeRequest,
  webDeviceSchema,
  webLoginRequest,
  webLoginSchema,
  webMeSchema,
  webPageSchema,
  webPasswordRequest,
  webPasswordReset,
  webPhoneRequest,
  webPrivacyQuery,
  webPrivacySchema,
  webProfilePatch,
  webProfileSchema,
  type WebLogin,
  type WebLoginRequest,
} from '../../contract/registration.ts'
import type { App } from '../../core/app.ts'
import { type Ctx, readOnly, SYSTEM } from '../../core/context.ts'
import { headerText } from '../../core/http/authentication.ts'
import { route } from '../../core/http/route.ts'
import { describeLink } from './links/describe-link.ts'
import { privacyText } from './privacy.ts'
import { completeProfile, presentProfile } from './profile.ts'
import { type Arrival, sendLoginCode, signInByCode } from './sign-in/by-code.ts'
import { signInByPassword } from './sign-in/by-password.ts'
import { signInByScan } from './sign-in/by-scan.ts'
import { listDevices, revokeDevice, signOut } from './sign-in/devices.ts'
import type { Entered } from './sign-in/enter.ts'
import { changeOwnPassword, resetOwnPassword } from './sign-in/own-password.ts'
import { addOwnPhone } from './sign-in/own-phone.ts'
import { presentPage } from './web-page.ts'

const tag = 'customer login'
const pageParams = z.strictObject({ accountId: z.uuid() })
const nothing = one(z.null())
const A_PHONE = '13800138000'

const bearerOf = (request: Request): string | null =>
  /^Bearer ([\w-]{20,200})$/.exec(headerText(request.headers.authorization) ?? '')?.[1] ?? null

async function arrivalOf(ctx: Ctx, accountId: string, request: Request): Promise<Arrival> {
  const bearer = bearerOf(request)
  const visitor = bearer === null ? null : await ctx.app.hooks.only('auth.customer')(ctx.app, bearer)
  return { app: ctx.app, accountId, visitor, source: ctx.source }
}

async function presentLogin(app: App, entered: Entered): Promise<WebLogin> {
  const profile = await presentProfile(await readOnly(app, SYSTEM), entered.customerId)
  return { token: entered.token, expiresAt: entered.expiresAt.toISOString(), registered: entered.registered, profile }
}

function signIn(arrival: Arrival, body: WebLoginRequest): Promise<Entered> {
  if (body.method === 'code') return signInByCode(arrival, body)
  return body.method === 'password' ? signInByPassword(arrival, body) : signInByScan(arrival, body)
}

export const customerRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/web/{accountId}/page',
    summary: 'What stands on a customer page before anybody is known: company, 备案号, ways to sign in',
    tag,
    auth: 'public',
    params: pageParams,
    response: one(webPageSchema),
    handle: async (ctx, { params }) => ({ data: await presentPage(ctx, params.accountId) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/privacy',
    summary: 'The privacy text in force, or the version somebody agreed to',
    tag,
    auth: 'public',
    query: webPrivacyQuery,
    response: one(webPrivacySchema),
    handle: async (ctx, { query }) => ({ data: await privacyText(ctx, query.version) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/registration-links/open',
    summary: 'Where a registration link leads; opening it uses nothing up (BP-001.1)',
    tag,
    auth: 'public',
    transaction: 'none',
    limit: { per: 'ip', max: 60, windowSeconds: 60 },
    body: linkOpenRequest,
    example: { token: 'q5Ff0n7mXG2L4s8bV1c9RtZk' },
    response: one(openedLinkSchema),
    errors: ['link_expired', 'link_used_up', 'link_revoked'],
    handle: async (ctx, { body }) => ({ data: await describeLink(ctx, body.token) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/{accountId}/codes',
    summary: 'Send a code to register or sign in; the same answer for numbers we know and those we do not (BP-001.2)',
    tag,
    auth: 'public',
    transaction: 'none',
    status: 201,
    params: pageParams,
    body: webCodeRequest,
    example: { phone: A_PHONE },
    response: one(codeTicketSchema),
    errors: ['phone_invalid', 'captcha_required', 'captcha_invalid', 'sms_unavailable', 'rate_limited'],
    handle: async (ctx, { params, body, ip }) => ({ data: await sendLoginCode(ctx.app, params.accountId, { ...body, ip }) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/{accountId}/logins',
    summary: 'Register or sign in: by code, password, or a WeChat scan; a visitor’s token may be sent along (BP-001.2, BP-002)',
    tag,
    auth: 'public',
    transaction: 'none',
    status: 201,
    limit: { per: 'ip', max: 60, windowSeconds: 60 },
    params: pageParams,
    body: webLoginRequest,
    example: { method: 'code', phone: A_PHONE, code: '482913', privacyVersion: 1, keepConversation: true },
    response: one(webLoginSchema),
    errors: [
      'phone_invalid',
      'code_invalid',
      'code_expired',
      'too_many_tries',
      'invalid_credentials',
      'account_locked',
      'scan_expired',
      'privacy_changed',
      'link_expired',
      'link_used_up',
      'link_revoked',
    ],
    async handle(ctx, { params, body, request }) {
      const arrival = await arrivalOf(ctx, params.accountId, request)
      return { data: await presentLogin(ctx.app, await signIn(arrival, body)) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/{accountId}/password-resets',
    summary: 'Set a new password with a code, and sign in with it; every other device is signed out (BP-002.4)',
    tag,
    auth: 'public',
    transaction: 'none',
    status: 201,
    limit: { per: 'ip', max: 30, windowSeconds: 60 },
    params: pageParams,
    body: webPasswordReset,
    example: { phone: A_PHONE, code: '482913', password: '出差记得带上雨伞', privacyVersion: 1 },
    response: one(webLoginSchema),
    errors: ['phone_invalid', 'code_invalid', 'code_expired', 'too_many_tries', 'password_weak', 'password_reused', 'privacy_changed'],
    async handle(ctx, { params, body, request }) {
      const entered = await resetOwnPassword(await arrivalOf(ctx, params.accountId, request), body)
      return { data: await presentLogin(ctx.app, entered) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/me',
    summary: 'Who I am; no profile for a visitor',
    tag,
    auth: 'customer',
    response: one(webMeSchema),
    handle: async (ctx) => ({
      data: { profile: ctx.actor.session.method === null ? null : await presentProfile(ctx, ctx.actor.customerId) },
    }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/web/me',
    summary: 'Complete my profile: name, 单位, 职务 (BP-001.4)',
    tag,
    auth: 'customer',
    body: webProfilePatch,
    example: { name: '赵敏', organisation: '远山科技', title: '行政主管', version: 1 },
    response: one(webProfileSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await completeProfile(ctx, body) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/web/me/phone',
    summary: 'Prove my number as well, after signing in by WeChat; the customer who has it is me',
    tag,
    auth: 'customer',
    transaction: 'none',
    body: webPhoneRequest,
    example: { phone: A_PHONE, code: '482913' },
    response: one(webProfileSchema),
    errors: ['phone_invalid', 'code_invalid', 'code_expired', 'too_many_tries'],
    handle: async (ctx, { body }) => ({ data: await addOwnPhone(ctx.app, ctx.actor, { ...body, source: ctx.source }) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/web/me/password',
    summary: 'Set my password: with the old one, or within ten minutes of a login by code; other devices are signed out',
    tag,
    auth: 'customer',
    limit: { per: 'actor', max: 10, windowSeconds: 600 },
    body: webPasswordRequest,
    example: { password: '出差记得带上雨伞' },
    response: nothing,
    errors: ['password_wrong', 'password_weak', 'password_reused'],
    async handle(ctx, { body }) {
      await changeOwnPassword(ctx, body)
      return { data: null }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/web/me/devices',
    summary: 'Where I am signed in',
    tag,
    auth: 'customer',
    response: one(z.array(webDeviceSchema)),
    handle: async (ctx) => ({ data: await listDevices(ctx) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/web/me/devices/{id}',
    summary: 'Sign one of my devices out',
    tag,
    auth: 'customer',
    params: z.strictObject({ id: z.uuid() }),
    response: nothing,
    async handle(ctx, { params }) {
      await revokeDevice(ctx, params.id)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/web/logout',
    summary: 'Sign out here: the token is worthless from now on',
    tag,
    auth: 'customer',
    response: nothing,
    async handle(ctx) {
      await signOut(ctx)
      return { data: null }
    },
  }),
]

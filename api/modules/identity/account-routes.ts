/** My account: password, phone, WeChat, second factor, sessions. */
import { z } from 'zod'
import { meSchema } from '../../contract/identity.ts'
import { one } from '../../contract/list.ts'
import {
  bindPhoneCodeRequest,
  bindPhoneRequest,
  codeTicketSchema,
  passwordChangeRequest,
  passwordConfirmation,
  recoveryCodesSchema,
  securitySchema,
  sessionSchema,
  totpCodeRequest,
  totpSetupSchema,
} from '../../contract/login.ts'
import { SESSION_COOKIE } from '../../core/http/authentication.ts'
import { route } from '../../core/http/route.ts'
import { changePassword } from './change-password.ts'
import { requestCode } from './codes/request-code.ts'
import { bindPhone, unbindPhone } from './my-phone.ts'
import { presentMe } from './present.ts'
import { mySecurity } from './my-security.ts'
import { mySessions, revokeOtherSessions, revokeSession } from './my-sessions.ts'
import { confirmMyTwoFactor, endMyTwoFactor, renewMyRecoveryCodes, setUpMyTwoFactor } from './my-two-factor.ts'
import { unbindWechat } from './wechat/bindings.ts'

const nothing = one(z.null())
const mine = { tag: 'my account', auth: 'staff' } as const

const password = route({
  ...mine,
  method: 'PUT',
  path: '/api/v1/me/password',
  summary: 'Change my password; every other session ends, this one goes on under a new id (BP-002.5)',
  transaction: 'none',
  beforePasswordChange: true,
  limit: { per: 'actor', max: 20, windowSeconds: 60 },
  body: passwordChangeRequest,
  example: { current: 'lianke-demo', password: 'seven quiet mountains' },
  response: one(meSchema),
  errors: ['password_wrong', 'password_weak', 'password_reused', 'account_locked'],
  async handle(ctx, { body, h }) {
    const { token, account, fresh } = await changePassword(ctx, body)
    h.state(SESSION_COOKIE, token)
    return { data: await presentMe(fresh, account) }
  },
})

const security = route({
  ...mine,
  method: 'GET',
  path: '/api/v1/me/security',
  summary: 'My ways of signing in',
  response: one(securitySchema),
  handle: async (ctx) => ({ data: await mySecurity(ctx) }),
})

const phoneCode = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/phone/codes',
  summary: 'Ask for the code that proves a number is mine',
  status: 201,
  transaction: 'none',
  limit: { per: 'actor', max: 10, windowSeconds: 60 },
  body: bindPhoneCodeRequest,
  example: { phone: '13800138000' },
  response: one(codeTicketSchema),
  errors: ['phone_invalid', 'captcha_required', 'captcha_invalid', 'sms_unavailable'],
  handle: async ({ app }, { body, ip }) => ({ data: await requestCode(app, { ...body, purpose: 'bind_phone', ip }) }),
})

const phone = route({
  ...mine,
  method: 'PUT',
  path: '/api/v1/me/phone',
  summary: 'Bind a phone number by its code, or replace the one bound',
  transaction: 'none',
  limit: { per: 'actor', max: 20, windowSeconds: 60 },
  body: bindPhoneRequest,
  example: { phone: '13800138000', code: '271828', password: 'seven quiet mountains' },
  response: one(securitySchema),
  errors: ['password_wrong', 'account_locked', 'phone_invalid', 'phone_taken', 'code_invalid', 'code_expired', 'too_many_tries'],
  async handle(ctx, { body }) {
    await bindPhone(ctx, body)
    return { data: await mySecurity(ctx) }
  },
})

const noPhone = route({
  ...mine,
  method: 'DELETE',
  path: '/api/v1/me/phone',
  summary: 'Unbind my phone number; not when it is my last way in',
  response: one(securitySchema),
  errors: ['last_way_in'],
  async handle(ctx) {
    await unbindPhone(ctx)
    return { data: await mySecurity(ctx) }
  },
})

const noWechat = route({
  ...mine,
  method: 'DELETE',
  path: '/api/v1/me/wechat',
  summary: 'Unbind my WeChat; not when it is my last way in',
  response: one(securitySchema),
  errors: ['last_way_in'],
  async handle(ctx) {
    await unbindWechat(ctx)
    return { data: await mySecurity(ctx) }
  },
})

const totpSetup = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/totp',
  summary: 'Begin two-factor sign-in: a secret for the authenticator, not in force until confirmed',
  status: 201,
  transaction: 'none',
  limit: { per: 'actor', max: 10, windowSeconds: 60 },
  body: passwordConfirmation,
  example: { password: 'seven quiet mountains' },
  response: one(totpSetupSchema),
  errors: ['password_wrong', 'account_locked', 'conflict'],
  handle: async (ctx, { body }) => ({ data: await setUpMyTwoFactor(ctx, body.password) }),
})

const totpConfirm = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/totp/confirm',
  summary: 'Confirm with a code of the authenticator; answers recovery codes, told this once',
  limit: { per: 'actor', max: 10, windowSeconds: 60 },
  body: totpCodeRequest,
  example: { code: '314159' },
  response: one(recoveryCodesSchema),
  errors: ['second_factor_invalid', 'conflict'],
  handle: async (ctx, { body }) => ({ data: { codes: await confirmMyTwoFactor(ctx, body.code) } }),
})

const totpCodes = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/totp/recovery-codes',
  summary: 'New recovery codes; the old ones end',
  transaction: 'none',
  limit: { per: 'actor', max: 10, windowSeconds: 60 },
  body: passwordConfirmation,
  example: { password: 'seven quiet mountains' },
  response: one(recoveryCodesSchema),
  errors: ['password_wrong', 'account_locked', 'not_found'],
  handle: async (ctx, { body }) => ({ data: { codes: await renewMyRecoveryCodes(ctx, body.password) } }),
})

const noTotp = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/totp/disable',
  summary: 'End two-factor sign-in',
  transaction: 'none',
  limit: { per: 'actor', max: 10, windowSeconds: 60 },
  body: passwordConfirmation,
  example: { password: 'seven quiet mountains' },
  response: one(securitySchema),
  errors: ['password_wrong', 'account_locked'],
  async handle(ctx, { body }) {
    await endMyTwoFactor(ctx, body.password)
    return { data: await mySecurity(ctx) }
  },
})

const sessions = route({
  ...mine,
  method: 'GET',
  path: '/api/v1/me/sessions',
  summary: 'Where I am signed in, newest use first',
  response: one(z.array(sessionSchema)),
  handle: async (ctx) => ({ data: await mySessions(ctx) }),
})

const revoke = route({
  ...mine,
  method: 'DELETE',
  path: '/api/v1/me/sessions/{id}',
  summary: 'End one of my sessions',
  params: z.strictObject({ id: z.uuid() }),
  response: nothing,
  async handle(ctx, { params }) {
    await revokeSession(ctx, params.id)
    return { data: null }
  },
})

const revokeOthers = route({
  ...mine,
  method: 'POST',
  path: '/api/v1/me/sessions/revoke-others',
  summary: 'End all my sessions but this one',
  response: one(z.array(sessionSchema)),
  async handle(ctx) {
    await revokeOtherSessions(ctx)
    return { data: await mySessions(ctx) }
  },
})

export const accountRoutes = [
  password,
  security,
  phoneCode,
  phone,
  noPhone,
  noWechat,
  totpSetup,
  totpConfirm,
  totpCodes,
  noTotp,
  sessions,
  revoke,
  revokeOthers,
]

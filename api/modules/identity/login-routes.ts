import { z } from 'zod'
import { loginRequest, meSchema } from '../../contract/identity.ts'
import { one } from '../../contract/list.ts'
import {
  captchaSchema,
  codeDeliverySchema,
  codeLoginRequest,
  codeRequest,
  codeTicketSchema,
  loginMethodsSchema,
  passwordResetRequest,
  secondFactorRequest,
} from '../../contract/login.ts'
import { type Ctx, readOnly, type RequestSource, SYSTEM } from '../../core/context.ts'
import { SESSION_COOKIE } from '../../core/http/authentication.ts'
import { route } from '../../core/http/route.ts'
import { createCaptcha } from './codes/captcha.ts'
import { codeDelivery, requestCode } from './codes/request-code.ts'
import { logIn, logInByCode } from './log-in.ts'
import { loginMethods } from './login-settings/login-methods.ts'
import { Account } from './model.ts'
import type { Admitted } from './open-session.ts'
import { presentMe } from './present.ts'
import { resetPassword } from './reset-password.ts'
import { logOut, staffByToken } from './sessions.ts'
import { passSecondFactor } from './two-factor/challenges.ts'

const nothing = one(z.null())
/** What every way in shares. */
const door = {
  method: 'POST',
  tag: 'login',
  auth: 'public',
  transaction: 'none',
  limit: { per: 'ip', max: 30, windowSeconds: 60 },
} as const

const fromWhere = (ctx: Ctx): RequestSource => ctx.source ?? { ip: 'unknown', userAgent: null }
const welcome = async (ctx: Ctx, { account }: Admitted) => ({ data: await presentMe(await readOnly(ctx.app, SYSTEM), account) })

const passwordLogin = route({
  ...door,
  path: '/api/v1/auth/login',
  summary: 'Sign in with user name and password (BP-002.1)',
  body: loginRequest,
  example: { username: 'agent1', password: 'lianke-demo' },
  response: one(meSchema),
  errors: ['invalid_credentials', 'account_locked', 'account_disabled', 'second_factor_required'],
  async handle(ctx, { body, h }) {
    const admitted = await logIn(ctx.app, body, fromWhere(ctx))
    h.state(SESSION_COOKIE, admitted.token)
    return welcome(ctx, admitted)
  },
})

const codeLogin = route({
  ...door,
  path: '/api/v1/auth/code-login',
  summary: 'Sign in with a code by SMS (BP-002.2)',
  body: codeLoginRequest,
  example: { phone: '13800138000', code: '271828' },
  response: one(meSchema),
  errors: [
    'phone_invalid',
    'code_invalid',
    'code_expired',
    'too_many_tries',
    'account_disabled',
    'login_method_disabled',
    'second_factor_required',
  ],
  async handle(ctx, { body, h }) {
    const admitted = await logInByCode(ctx.app, body, fromWhere(ctx))
    h.state(SESSION_COOKIE, admitted.token)
    return welcome(ctx, admitted)
  },
})

const secondFactor = route({
  ...door,
  path: '/api/v1/auth/second-factor',
  summary: 'Finish signing in with a one-time code or a recovery code',
  body: secondFactorRequest,
  example: { challenge: 'Zr0sYcYI8k1h5x9m3Qe7Tn2uVw4aBd6fGjKlPqRsXyc', code: '314159' },
  response: one(meSchema),
  errors: ['challenge_expired', 'second_factor_invalid', 'account_locked', 'account_disabled'],
  async handle(ctx, { body, h }) {
    const admitted = await passSecondFactor(ctx.app, body, fromWhere(ctx))
    h.state(SESSION_COOKIE, admitted.token)
    return welcome(ctx, admitted)
  },
})

const logout = route({
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'End this session',
  tag: 'login',
  auth: 'staff',
  beforePasswordChange: true,
  response: nothing,
  async handle(ctx, { h }) {
    await logOut(ctx)
    h.unstate(SESSION_COOKIE)
    return { data: null }
  },
})

const methods = route({
  method: 'GET',
  path: '/api/v1/auth/methods',
  summary: 'Which ways of signing in are offered',
  tag: 'login',
  auth: 'public',
  response: one(loginMethodsSchema),
  handle: async ({ app }) => ({ data: await loginMethods(app) }),
})

const captcha = route({
  ...door,
  path: '/api/v1/auth/captchas',
  summary: 'A picture to read, good for one answer',
  status: 201,
  limit: { per: 'ip', max: 60, windowSeconds: 60 },
  response: one(captchaSchema),
  handle: async ({ app }) => ({ data: await createCaptcha(app) }),
})

const code = route({
  ...door,
  path: '/api/v1/auth/codes',
  summary: 'Ask for a code by SMS: the same answer whether or not the number belongs to anybody (BP-002.2, BP-002.4)',
  status: 201,
  body: codeRequest,
  example: { phone: '13800138000', purpose: 'staff_login' },
  response: one(codeTicketSchema),
  errors: ['phone_invalid', 'captcha_required', 'captcha_invalid', 'login_method_disabled', 'sms_unavailable'],
  handle: async ({ app }, { body, ip }) => ({ data: await requestCode(app, { ...body, ip }) }),
})

const delivery = route({
  method: 'GET',
  path: '/api/v1/auth/codes/{id}',
  summary: 'Does the SMS provider take messages? The code stays good while it does not',
  tag: 'login',
  auth: 'public',
  params: z.strictObject({ id: z.uuid() }),
  response: one(codeDeliverySchema),
  handle: async ({ app }, { params }) => ({ data: await codeDelivery(app, params.id) }),
})

const passwordReset = route({
  ...door,
  path: '/api/v1/auth/password-resets',
  summary: 'A new password by a code of purpose password_reset; ends every session (BP-002.4)',
  body: passwordResetRequest,
  example: { phone: '13800138000', code: '271828', password: 'seven quiet mountains' },
  response: nothing,
  errors: ['phone_invalid', 'code_invalid', 'code_expired', 'too_many_tries', 'password_weak', 'password_reused', 'account_disabled'],
  async handle(ctx, { body }) {
    await resetPassword(ctx.app, body, fromWhere(ctx))
    return { data: null }
  },
})

const session = route({
  method: 'GET',
  path: '/api/v1/auth/session',
  summary: 'Who is signed in here; null when nobody is',
  tag: 'login',
  auth: 'public',
  limit: { per: 'ip', max: 600, windowSeconds: 60 },
  response: one(meSchema.nullable()),
  async handle(ctx, { request }) {
    const token: unknown = request.state[SESSION_COOKIE]
    const actor = typeof token === 'string' ? await staffByToken(ctx.app, token) : null
    if (!actor) return { data: null }
    return { data: await presentMe(ctx, await Account.query(ctx.trx).findById(actor.accountId).throwIfNotFound()) }
  },
})

export const loginRoutes = [session, passwordLogin, codeLogin, secondFactor, logout, methods, captcha, code, delivery, passwordReset]

/** Signing in and binding by WeChat (BP-002.3). They ask a platform, so they are served by bot. */
import type { Request, ResponseToolkit } from '@hapi/hapi'
import { z } from 'zod'
import { meSchema } from '#api/contract/identity.ts'
import { one } from '#api/contract/list.ts'
import { bindScanRequest, scanRequest, scanSchema, scanStateSchema, securitySchema, type Scan } from '#api/contract/login.ts'
import type { App } from '#api/core/app.ts'
import { inTransaction, readOnly, type Ctx, type RequestSource, type StaffActor, SYSTEM } from '#api/core/context.ts'
import { AppError, Conflict, Unavailable } from '#api/core/errors.ts'
import { SESSION_COOKIE } from '#api/core/http/authentication.ts'
import { route } from '#api/core/http/route.ts'
import {
  beginScan,
  bindWechat,
  confirmOwner,
  finishScan,
  logInByWechat,
  mySecurity,
  type NewScan,
  presentMe,
  recordAgreed,
  type ScanRow,
  scanState,
  waitingScan,
  WECHAT_CALLBACK_PATH,
  wechatOfficialAccount,
  type WechatPerson,
} from '#api/modules/identity/index.ts'
import { channelsOf } from '../channels.ts'
import { pageOfScan } from './customer-scans.ts'
import { askedBy } from './asked-by.ts'
import { officialQrText, unionidOf } from './official-scan.ts'
import { authorizeUrl, personByCode } from './wechat-website.ts'
import { ChannelFailure } from '#adapters/contract/index.ts'
import { SCAN_COOKIE, setScanCookie } from './scan-cookie.ts'

const idParams = z.strictObject({ id: z.uuid() })
const fromWhere = (ctx: Ctx): RequestSource => ctx.source ?? { ip: 'unknown', userAgent: null }
const browserOf = (request: Request): string => {
  const token: unknown = request.state[SCAN_COOKIE]
  return typeof token === 'string' ? token : ''
}

const shared = { role: 'bot', transaction: 'none', limit: { per: 'ip', max: 30, windowSeconds: 60 } } as const
const PLATFORM_ERRORS = ['login_method_disabled', 'platform_refused', 'platform_unreachable', 'channel_unsupported'] as const

/** Begins, and gives this browser the cookie by which it may finish. */
async function begin(app: App, h: ResponseToolkit, scan: NewScan): Promise<Scan> {
  const { id, state, browser, expiresAt } = await beginScan(app, scan)
  const seconds = Math.max(60, Math.round((expiresAt.getTime() - Date.now()) / 1000))
  try {
    const authorize = scan.via === 'website' ? await authorizeUrl(app, state) : null
    const qrText = scan.via === 'official' ? await officialQrText(app, state, Math.min(seconds, 300)) : null
    setScanCookie(app, h, browser)
    return { id, via: scan.via, authorizeUrl: authorize, qrText, expiresAt: expiresAt.toISOString() }
  } catch (error) {
    throw error instanceof ChannelFailure ? new Unavailable('platform_unreachable', 'WeChat did not make a code') : error
  }
}

/** Whoever scanned an official account is known by its openid; the unionid is asked for once it matters. */
async function completed(app: App, scan: ScanRow, person: WechatPerson): Promise<WechatPerson> {
  if (scan.via === 'website') return person
  // Another account's codes prove nothing about staff.
  if (person.appId !== (await wechatOfficialAccount(app))) throw new Conflict('scan_expired', 'scan again')
  if (person.unionid !== null) return person
  return { ...person, unionid: await unionidOf(app, person.appId, person.openid) }
}

const beginLogin = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/auth/wechat/scans',
  summary: 'Begin signing in by WeChat: the open platform’s page, or a code of the official account (BP-002.3)',
  tag: 'login',
  auth: 'public',
  status: 201,
  body: scanRequest,
  example: { via: 'website' },
  response: one(scanSchema),
  errors: [...PLATFORM_ERRORS],
  handle: async (ctx, { body, h, request }) => ({
    data: await begin(ctx.app, h, { via: body.via, purpose: 'staff_login', asked: askedBy(ctx, request) }),
  }),
})

const beginBinding = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/me/wechat/scans',
  summary: 'Begin binding my WeChat',
  tag: 'my account',
  auth: 'staff',
  status: 201,
  body: bindScanRequest,
  example: { via: 'official', password: 'seven quiet mountains' },
  response: one(scanSchema),
  errors: [...PLATFORM_ERRORS, 'password_wrong', 'account_locked'],
  async handle(ctx, { body, h, request }) {
    await confirmOwner(ctx, body.password)
    const scan = { via: body.via, purpose: 'staff_bind', accountId: ctx.actor.accountId, asked: askedBy(ctx, request) } as const
    return { data: await begin(ctx.app, h, scan) }
  },
})

const state = route({
  method: 'GET',
  role: 'bot',
  path: '/api/v1/auth/wechat/scans/{id}',
  summary: 'Has the code been scanned, and confirmed? Told to the browser that began',
  tag: 'login',
  auth: 'public',
  params: idParams,
  response: one(scanStateSchema),
  handle: async ({ app }, { params, request }) => ({ data: await scanState(app, { id: params.id, browser: browserOf(request) }) }),
})

const finishLogin = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/auth/wechat/scans/{id}/finish',
  summary: 'Sign in with a code that was scanned and confirmed on the phone; once',
  tag: 'login',
  auth: 'public',
  params: idParams,
  response: one(meSchema),
  errors: ['scan_expired', 'scan_unconfirmed', 'wechat_not_bound', 'account_disabled', 'second_factor_required'],
  async handle(ctx, { params, request, h }) {
    const { scan, person } = await finishScan(ctx.app, { id: params.id, browser: browserOf(request), purpose: 'staff_login' })
    const { token, account } = await logInByWechat(ctx.app, await completed(ctx.app, scan, person), fromWhere(ctx))
    h.state(SESSION_COOKIE, token)
    return { data: await presentMe(await readOnly(ctx.app, SYSTEM), account) }
  },
})

const finishBinding = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/me/wechat/scans/{id}/finish',
  summary: 'Bind the WeChat that scanned; once',
  tag: 'my account',
  auth: 'staff',
  params: idParams,
  response: one(securitySchema),
  errors: ['scan_expired', 'scan_unconfirmed', 'wechat_taken'],
  async handle(ctx, { params, request }) {
    await bind(ctx, { id: params.id, browser: browserOf(request) })
    return { data: await mySecurity(ctx) }
  },
})

async function bind(ctx: Ctx<StaffActor>, by: { id: string; browser: string }): Promise<void> {
  const { scan, person } = await finishScan(ctx.app, { ...by, purpose: 'staff_bind' })
  // Begun by somebody who has left this browser since.
  if (scan.account_id !== ctx.actor.accountId) throw new Conflict('scan_expired', 'scan again')
  const whole = await completed(ctx.app, scan, person)
  await inTransaction(ctx.app, ctx.actor, (inside) => bindWechat(inside, ctx.actor.accountId, whole), ctx.source)
}

const callback = route({
  method: 'GET',
  role: 'bot',
  path: WECHAT_CALLBACK_PATH,
  summary: 'Where WeChat sends the browser back to; answers with a redirect to a page of ours',
  tag: 'login',
  auth: 'public',
  limit: { per: 'ip', max: 30, windowSeconds: 60 },
  query: z.strictObject({ code: z.string().max(512).optional(), state: z.string().max(128) }),
  response: 'binary',
  async handle(ctx, { query, request, h }) {
    const by = { state: query.state, browser: browserOf(request) }
    const scan = await waitingScan(ctx.app, by)
    if (!scan) return h.redirect('/login?problem=scan_expired')
    try {
      if (query.code === undefined) throw new Conflict('platform_refused', 'not agreed on the page')
      const person = await personByCode(ctx.app, channelsOf(ctx.app).http, query.code)
      if (!(await recordAgreed(ctx.app, query.state, person))) throw new Conflict('scan_expired', 'scan again')
      if (scan.purpose === 'customer_login') return h.redirect(pageOfScan(scan))
      // Binding is finished by the page of who is signed in; the browser only has to get there.
      if (scan.purpose === 'staff_bind') return h.redirect(`/account?scan=${scan.id}`)
      const finished = await finishScan(ctx.app, { id: scan.id, browser: by.browser, purpose: 'staff_login' })
      const { token } = await logInByWechat(ctx.app, finished.person, fromWhere(ctx))
      h.state(SESSION_COOKIE, token)
      return h.redirect('/')
    } catch (error) {
      if (error instanceof AppError) return h.redirect(problemPage(scan, error))
      throw error
    }
  },
})

/** The challenge goes behind the `#`: no server and no log sees it there. */
function problemPage({ purpose }: ScanRow, { code, context }: AppError): string {
  if (purpose === 'staff_bind') return `/account?problem=${code}`
  const { challenge } = context
  return typeof challenge === 'string' ? `/login?problem=${code}#challenge=${challenge}` : `/login?problem=${code}`
}

export const wechatRoutes = [beginLogin, beginBinding, state, finishLogin, finishBinding, callback]

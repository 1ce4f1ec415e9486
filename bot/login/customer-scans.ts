/** Customers who sign in by WeChat on our own pages (BP-002.3). The platform is asked for a code, so this is served by bot. */
import { z } from 'zod'
import { ChannelFailure } from '#adapters/contract/index.ts'
import { one } from '#api/contract/list.ts'
import { scanStateSchema } from '#api/contract/login.ts'
import { webScanRequest, webScanSchema, webScanStateRequest, type WebScan } from '#api/contract/registration.ts'
import type { App } from '#api/core/app.ts'
import { NotFound, Unavailable } from '#api/core/errors.ts'
import { route } from '#api/core/http/route.ts'
import { beginScan, type NewScan, scanState, type ScanRow } from '#api/modules/identity/index.ts'
import { webPageAccount } from '#api/modules/registration/index.ts'
import { officialQrText } from './official-scan.ts'
import { setScanCookie } from './scan-cookie.ts'
import { askedBy } from './asked-by.ts'
import { authorizeUrl } from './wechat-website.ts'

const tag = 'customer login'
const shared = { role: 'bot', transaction: 'none', tag, auth: 'public', limit: { per: 'ip', max: 60, windowSeconds: 60 } } as const
const context = z.object({ accountId: z.uuid() })

const begin = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/web/{accountId}/scans',
  summary: 'Begin signing in by WeChat: a code of the official account, or the open platform’s page',
  status: 201,
  limit: { per: 'ip', max: 30, windowSeconds: 60 },
  params: z.strictObject({ accountId: z.uuid() }),
  body: webScanRequest,
  example: { via: 'official' },
  response: one(webScanSchema),
  errors: ['login_method_disabled', 'platform_refused', 'platform_unreachable', 'channel_unsupported'],
  async handle(ctx, { params, body, h, request }) {
    const { app } = ctx
    const page = await webPageAccount(app, params.accountId)
    const begun = await beginFor(app, page.id, { via: body.via, asked: askedBy(ctx, request) })
    // WeChat sends the browser back without our page's token: there the cookie tells who began.
    if (body.via === 'website') setScanCookie(app, h, begun.browserToken)
    return { data: begun }
  },
})

async function beginFor(app: App, accountId: string, { via, asked }: Pick<NewScan, 'via' | 'asked'>): Promise<WebScan> {
  const { id, state, browser, expiresAt } = await beginScan(app, { via, purpose: 'customer_login', context: { accountId }, asked })
  const seconds = Math.max(60, Math.round((expiresAt.getTime() - Date.now()) / 1000))
  try {
    const page = via === 'website' ? await authorizeUrl(app, state) : null
    const qrText = via === 'official' ? await officialQrText(app, state, Math.min(seconds, 300)) : null
    return { scan: { id, via, authorizeUrl: page, qrText, expiresAt: expiresAt.toISOString() }, browserToken: browser }
  } catch (error) {
    throw error instanceof ChannelFailure ? new Unavailable('platform_unreachable', 'WeChat did not make a code') : error
  }
}

const state = route({
  ...shared,
  method: 'POST',
  path: '/api/v1/web/scans/{id}/state',
  summary: 'Has the code been scanned, and confirmed? Told to the browser that began',
  limit: { per: 'ip', max: 240, windowSeconds: 60 },
  params: z.strictObject({ id: z.uuid() }),
  body: webScanStateRequest,
  example: { browserToken: 'Jx1h0bqYw3l2m5Vt8cR7aZ4n6sKdPqLo' },
  response: one(scanStateSchema),
  handle: async ({ app }, { params, body }) => ({ data: await scanState(app, { id: params.id, browser: body.browserToken }) }),
})

/** The customer's page, which finishes the scan with what it kept. @throws NotFound for a scan that no page began */
export function pageOfScan(scan: ScanRow): string {
  const known = context.safeParse(scan.context)
  if (!known.success) throw new NotFound('scan')
  return `/chat/${known.data.accountId}?scan=${scan.id}`
}

export const customerScanRoutes = [begin, state]

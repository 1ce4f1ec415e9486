/** Routes that must ask a platform before they can answer: connection test, QR codes, menu. */
import { z } from 'zod'
import { ChannelFailure, PermanentFailure, QuotaSpent, type ChannelAdapter } from '#adapters/contract/index.ts'
import { connectionTestSchema, menuSchema, messageTemplateSchema, qrCodeCreate, qrCodeSchema } from '#api/contract/channel.ts'
import { one } from '#api/contract/list.ts'
import type { App } from '#api/core/app.ts'
import { Conflict, Unavailable } from '#api/core/errors.ts'
import { route } from '#api/core/http/route.ts'
import { recordHealth } from '#api/modules/channels/index.ts'
import { channelsOf, type LiveChannel } from './channels.ts'
import { customerScanRoutes } from './login/customer-scans.ts'
import { wechatRoutes } from './login/wechat-routes.ts'
import { smsRoutes } from './sms/sms-routes.ts'

const CALL_MS = 30_000
const idParams = z.strictObject({ id: z.uuid() })

/** What all of them share. */
const platformRoute = {
  tag: 'channels',
  auth: { permission: 'channels.manage' },
  role: 'bot',
  transaction: 'none',
  params: idParams,
  errors: ['channel_unsupported', 'platform_refused', 'platform_unreachable'],
} as const

type Feature = 'test' | 'createQrCode' | 'readMenu' | 'writeMenu' | 'listTemplates'
type With<F extends Feature> = LiveChannel & { adapter: ChannelAdapter & Required<Pick<ChannelAdapter, F>> }

const has = <F extends Feature>(channel: LiveChannel, feature: F): channel is With<F> => channel.adapter[feature] !== undefined

/** Runs `ask` against the account as it is stored now. @throws Conflict, Unavailable, NotFound */
async function withChannel<F extends Feature, R>(
  { app, id }: { app: App; id: string },
  feature: F,
  ask: (channel: With<F>) => Promise<R>,
): Promise<R> {
  try {
    const channel = await channelsOf(app).fresh(id)
    if (!has(channel, feature)) throw new Conflict('channel_unsupported', 'this kind of channel cannot do that', { feature })
    return await ask(channel)
  } catch (error) {
    throw error instanceof ChannelFailure ? platformError(error) : error
  }
}

function platformError(failure: ChannelFailure): Conflict | Unavailable {
  const platformCode = failure.platformCode ?? null
  const refusal = (reason: string) => new Conflict('platform_refused', 'the platform refused', { platformCode, reason })
  if (failure instanceof PermanentFailure) return refusal(failure.reason)
  if (failure instanceof QuotaSpent) return refusal('api_quota_spent')
  return new Unavailable('platform_unreachable', 'the platform did not answer', { platformCode })
}

const testRoute = route({
  ...platformRoute,
  method: 'POST',
  path: '/api/v1/channel-accounts/{id}/test',
  summary: 'Try the settings of a channel at its platform',
  response: one(connectionTestSchema),
  async handle({ app }, { params: { id } }) {
    const checks = await withChannel({ app, id }, 'test', ({ adapter, account, call }) => adapter.test(account, call(CALL_MS).ctx))
    const failed = checks.find(({ ok }) => !ok)
    await recordHealth(app.db, id, failed ? 'failing' : 'ok', failed ? (failed.code ?? failed.name) : null)
    return {
      data: {
        ok: failed === undefined,
        checks: checks.map(({ name, ok, code, detail }) => ({ name, ok, code: code ?? null, detail: detail ?? null })),
      },
    }
  },
})

const qrCodeRoute = route({
  ...platformRoute,
  method: 'POST',
  path: '/api/v1/channel-accounts/{id}/qr-codes',
  summary: 'Make a QR code whose scan comes back with a scene',
  status: 201,
  body: qrCodeCreate,
  example: { scene: 'store-pudong', expiresInSeconds: 604_800 },
  response: one(qrCodeSchema),
  async handle({ app, now }, { params: { id }, body: { scene, expiresInSeconds } }) {
    const request = { scene, ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }) }
    const { imageUrl, url } = await withChannel({ app, id }, 'createQrCode', ({ adapter, account, call }) =>
      adapter.createQrCode(account, request, call(CALL_MS).ctx),
    )
    const expiresAt = expiresInSeconds === undefined ? null : new Date(now.getTime() + expiresInSeconds * 1000).toISOString()
    return { data: { scene, imageUrl, url, expiresAt } }
  },
})

const readMenuRoute = route({
  ...platformRoute,
  method: 'GET',
  path: '/api/v1/channel-accounts/{id}/menu',
  summary: 'The menu that customers see now',
  response: one(menuSchema),
  async handle({ app }, { params: { id } }) {
    const buttons = await withChannel({ app, id }, 'readMenu', ({ adapter, account, call }) => adapter.readMenu(account, call(CALL_MS).ctx))
    return { data: { buttons } }
  },
})

const writeMenuRoute = route({
  ...platformRoute,
  method: 'PUT',
  path: '/api/v1/channel-accounts/{id}/menu',
  summary: 'Replace the menu; an empty list deletes it',
  body: z.strictObject(menuSchema.shape),
  example: { buttons: [{ type: 'click', name: '联系客服', key: 'SERVICE' }] },
  response: one(menuSchema),
  async handle({ app }, { params: { id }, body: { buttons } }) {
    await withChannel({ app, id }, 'writeMenu', ({ adapter, account, call }) => adapter.writeMenu(account, buttons, call(CALL_MS).ctx))
    return { data: { buttons } }
  },
})

const templatesRoute = route({
  ...platformRoute,
  auth: { permission: 'conversations.reply' },
  method: 'GET',
  path: '/api/v1/channel-accounts/{id}/templates',
  summary: 'The template messages that may be sent when the reply window is closed',
  response: one(z.array(messageTemplateSchema)),
  async handle({ app }, { params: { id } }) {
    const ask = ({ adapter, account, call }: With<'listTemplates'>) => adapter.listTemplates(account, call(CALL_MS).ctx)
    return { data: await withChannel({ app, id }, 'listTemplates', ask) }
  },
})

export const botRoutes = [
  testRoute,
  qrCodeRoute,
  readMenuRoute,
  writeMenuRoute,
  templatesRoute,
  ...wechatRoutes,
  ...customerScanRoutes,
  ...smsRoutes,
]

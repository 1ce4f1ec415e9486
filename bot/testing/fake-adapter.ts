/** A channel as small as one can be, over real HTTP: its platform is whatever listens at `config.base`. */
import { z } from 'zod'
import {
  PermanentFailure,
  QuotaSpent,
  ReplyWindowClosed,
  SignatureInvalid,
  type ChannelAccount,
  type ChannelAdapter,
  type ChannelContext,
  type InboundEvent,
} from '#adapters/contract/index.ts'

const configSchema = z.strictObject({
  base: z.url().meta({ ...{ title: { 'zh-CN': '地址', en: 'Address' } } } as Record<string, unknown>),
  secret: z
    .string()
    .min(4)
    .meta({ ...{ title: { 'zh-CN': '密钥', en: 'Secret' } }, secret: true } as Record<string, unknown>),
})
type FakeConfig = z.infer<typeof configSchema>
type FakeAccount = ChannelAccount<FakeConfig>

const answerSchema = z.object({ fault: z.string().optional(), id: z.string().optional(), resetsInMs: z.number().optional() })

async function ask(account: FakeAccount, ctx: ChannelContext, path: string, json?: unknown): Promise<z.infer<typeof answerSchema>> {
  const { body } = await ctx.http.request({ url: account.config.base + path, ...(json === undefined ? {} : { json }), timeoutMs: 9000 })
  const answer = answerSchema.parse(JSON.parse(body.toString()))
  switch (answer.fault) {
    case undefined:
      return answer
    case 'window':
      throw new ReplyWindowClosed('45015')
    case 'count':
      throw new QuotaSpent('count', { platformCode: '45047' })
    case 'account':
      throw new QuotaSpent('account', { platformCode: '45009', resetsAt: new Date(ctx.now().getTime() + (answer.resetsInMs ?? 60_000)) })
    case 'defect':
      throw new TypeError('a defect of the adapter')
    default:
      throw new PermanentFailure('customer_blocked', answer.fault, '43019')
  }
}

export const fakeAdapter: ChannelAdapter<FakeConfig> = {
  kind: 'fake',
  label: { 'zh-CN': '测试', en: 'Fake' },
  configSchema,
  capabilities: {
    parts: ['text', 'image'],
    maxTextBytes: 600,
    maxFileBytes: { image: 1000, file: 20_000_000 },
    filesAsLinks: true,
    recall: false,
    readReceipts: false,
    typing: true,
    replyAllowances: null,
    templates: false,
  },
  verify(request, account) {
    if (request.headers['x-secret'] !== account.config.secret) throw new SignatureInvalid()
    const echo = new URLSearchParams(request.rawQuery).get('echo')
    return request.method === 'GET' ? { challenge: echo ?? '' } : { payload: request.body.toString() }
  },
  parse: (payload) => JSON.parse(payload) as InboundEvent[],
  acknowledgement: { body: 'success', contentType: 'text/plain' },
  async send(account, call, ctx) {
    const { id } = await ask(account, ctx, '/send', { to: call.to.externalId, part: call.part, deliveryId: call.deliveryId })
    return id === undefined ? {} : { externalId: id }
  },
  async typing(account, to, on, ctx) {
    await ask(account, ctx, '/typing', { to: to.externalId, on })
  },
  async fetchMedia(account, ref, ctx) {
    const { status, stream } = await ctx.http.download({ url: `${account.config.base}/media/${ref.id}` })
    if (status !== 200) throw new PermanentFailure('media_refused', `http ${status}`)
    return { stream, mime: 'image/png', name: 'photo.png' }
  },
  async fetchProfile(account, externalId, ctx) {
    await ask(account, ctx, `/profile/${externalId}`)
    return { name: `Name of ${externalId}` }
  },
  async test(account, ctx) {
    await ask(account, ctx, '/token')
    return [{ name: 'token', ok: true }]
  },
  async readMenu(account, ctx) {
    await ask(account, ctx, '/menu')
    return [{ name: 'Help' }]
  },
}

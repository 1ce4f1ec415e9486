import { one } from '#api/contract/list.ts'
import { smsTestRequest, smsTestSchema } from '#api/contract/login.ts'
import { inTransaction } from '#api/core/context.ts'
import { route } from '#api/core/http/route.ts'
import { maskPhone, parsePhone } from '#api/core/phone.ts'
import { record } from '#api/modules/audit/index.ts'
import { createSendSms } from './send-sms.ts'

const test = route({
  method: 'POST',
  role: 'bot',
  path: '/api/v1/settings/login/sms-test',
  summary: 'Send a message by the provider that is set up, and say how it ended',
  tag: 'login settings',
  auth: { permission: 'settings.manage' },
  transaction: 'none',
  limit: { per: 'actor', max: 5, windowSeconds: 60 },
  body: smsTestRequest,
  example: { phone: '13800138000' },
  response: one(smsTestSchema),
  errors: ['phone_invalid'],
  async handle(ctx, { body }) {
    const phone = parsePhone(body.phone)
    const outcome = await createSendSms(ctx.app)({ phone, template: 'test', params: {} }, 1)
    const code = outcome.state === 'failed' ? outcome.code : null
    await inTransaction(
      ctx.app,
      ctx.actor,
      (inside) =>
        record(inside, { action: 'login_settings.tested', object: { kind: 'login_settings' }, context: { phone: maskPhone(phone), code } }),
      ctx.source,
    )
    return { data: { ok: code === null, code, detail: outcome.state === 'failed' ? outcome.detail : null } }
  },
})

export const smsRoutes = [test]

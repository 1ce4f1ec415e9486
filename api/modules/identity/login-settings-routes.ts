import { one } from '../../contract/list.ts'
import { loginSettingsPatch, loginSettingsSchema } from '../../contract/login.ts'
import { route } from '../../core/http/route.ts'
import { changeLoginSettings, presentLoginSettings } from './login-settings/change-settings.ts'
import { loginSettings } from './login-settings/login-settings.ts'

const shared = {
  path: '/api/v1/settings/login',
  tag: 'login settings',
  auth: { permission: 'settings.manage' },
  response: one(loginSettingsSchema),
} as const

export const loginSettingsRoutes = [
  route({
    ...shared,
    method: 'GET',
    summary: 'Ways of signing in and the SMS provider; secrets are never shown',
    handle: async ({ app, trx }) => ({ data: presentLoginSettings(app, await loginSettings(trx)) }),
  }),
  route({
    ...shared,
    method: 'PATCH',
    summary: 'Change them; secrets left out stay as they are',
    body: loginSettingsPatch,
    example: {
      version: 1,
      phoneCode: true,
      sms: {
        provider: 'tencent',
        secretId: 'AKIDexample',
        secretKey: 'a-secret-key',
        sdkAppId: '1400006666',
        signName: '远山科技',
        templateId: '1234567',
        region: 'ap-guangzhou',
      },
    },
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: presentLoginSettings(ctx.app, await changeLoginSettings(ctx, body)) }),
  }),
]

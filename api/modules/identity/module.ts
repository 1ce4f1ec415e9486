import type { ModuleDefinition } from '../../core/modules.ts'
import { accountRoutes } from './account-routes.ts'
import { forgetOldCodes } from './codes/forget-codes.ts'
import { forgetOldAttempts } from './login-attempts.ts'
import { loginRoutes } from './login-routes.ts'
import { loginSettingsRoutes } from './login-settings-routes.ts'
import { roleRoutes } from './role-routes.ts'
import { routes } from './routes.ts'
import { aliveSessions, staffByToken } from './sessions.ts'
import { forgetOldSms } from './sms/outbox.ts'
import { forgetOldScans } from './wechat/scans.ts'

const definition: ModuleDefinition = {
  name: 'identity',
  after: ['audit', 'settings'],
  routes: [...routes, ...roleRoutes, ...loginRoutes, ...accountRoutes, ...loginSettingsRoutes],
  hooks: { 'auth.staff': staffByToken, 'auth.alive': aliveSessions },
  schedules: [
    {
      name: 'identity.forget-codes',
      everySeconds: 3600,
      async run(app) {
        await forgetOldSms(app)
        await forgetOldCodes(app)
        await forgetOldScans(app)
      },
    },
    { name: 'identity.forget-old-attempts', everySeconds: 3600, run: async (app) => void (await forgetOldAttempts(app.db)) },
    {
      name: 'identity.forget-old-sessions',
      everySeconds: 86_400,
      run: async (app) => void (await app.db('sessions').where('expires_at', '<', app.db.raw(`app_now() - interval '30 days'`)).delete()),
    },
  ],
}
export default definition

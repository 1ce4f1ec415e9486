import type { ModuleDefinition } from '../../core/modules.ts'
import { forgetOldAttempts } from './login-attempts.ts'
import { routes } from './routes.ts'
import { aliveSessions, staffByToken } from './sessions.ts'

const definition: ModuleDefinition = {
  name: 'identity',
  after: [],
  routes,
  hooks: { 'auth.staff': staffByToken, 'auth.alive': aliveSessions },
  schedules: [
    { name: 'identity.forget-old-attempts', everySeconds: 3600, run: async (app) => void (await forgetOldAttempts(app.db)) },
    {
      name: 'identity.forget-old-sessions',
      everySeconds: 86_400,
      run: async (app) => void (await app.db('sessions').where('expires_at', '<', app.db.raw(`app_now() - interval '30 days'`)).delete()),
    },
  ],
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { customerByToken } from './customer-sessions.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'customers',
  after: ['identity'],
  routes,
  hooks: { 'auth.customer': customerByToken },
  schedules: [
    {
      name: 'customers.forget-old-tokens',
      everySeconds: 86_400,
      run: async (app) => void (await app.db('customer_tokens').where('expires_at', '<', app.db.raw('app_now()')).delete()),
    },
  ],
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { aliveTokens, customerByToken } from './customer-sessions.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { mergingListeners, mergingSchedules } from './merging/index.ts'
import { regularCustomers } from './regular-customers.ts'
import { routes } from './routes.ts'
import { ownedCustomers } from './scope.ts'
import { indexNames } from './search-index.ts'
import { noteEntries } from './timeline.ts'

const definition: ModuleDefinition = {
  name: 'customers',
  after: ['audit', 'settings', 'identity', 'organisation', 'files', 'notifications'],
  routes,
  hooks: {
    'auth.customer': customerByToken,
    'auth.customers-alive': aliveTokens,
    'customer.scope': ownedCustomers,
    'customer.timeline': { kind: 'note', entries: noteEntries },
    'dictionary.uses': dictionaryUses,
    'staff.leaving': regularCustomers,
  },
  listeners: [...mergingListeners],
  schedules: [
    ...mergingSchedules,
    {
      name: 'customers.forget-old-tokens',
      everySeconds: 86_400,
      run: async (app) => void (await app.db('customer_tokens').where('expires_at', '<', app.db.raw('app_now()')).delete()),
    },
    // Whom the channels bring has a name before he has search terms.
    { name: 'customers.index-names', everySeconds: 5, run: indexNames },
  ],
}
export default definition

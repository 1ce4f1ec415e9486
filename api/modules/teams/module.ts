import type { ModuleDefinition } from '../../core/modules.ts'
import { calendarRoutes } from './calendars/routes.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { ledTeams, memberships } from './leaving.ts'
import { colleagues, teamIdsOf } from './membership.ts'
import { relationsMerging } from './relations/merging.ts'
import { remindOfRelations } from './relations/reminders.ts'
import { relationRoutes } from './relations/routes.ts'
import { servedCustomers } from './relations/scope.ts'
import { teamRoutes } from './routes.ts'
import { shiftRoutes } from './shifts/routes.ts'

const definition: ModuleDefinition = {
  name: 'teams',
  after: ['audit', 'settings', 'identity', 'organisation', 'files', 'notifications', 'customers'],
  routes: [...teamRoutes, ...calendarRoutes, ...shiftRoutes, ...relationRoutes],
  hooks: {
    'actor.teams': teamIdsOf,
    'staff.colleagues': colleagues,
    'staff.leaving': [ledTeams, memberships],
    'customer.scope': servedCustomers,
    'customer.merging': relationsMerging,
    'dictionary.uses': dictionaryUses,
  },
  schedules: [{ name: 'teams.remind-of-relations', everySeconds: 300, run: async (app) => void (await remindOfRelations(app)) }],
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { archiveIfMatching, archiveMatching } from './archiving/archive-by-rule.ts'
import { archivingRoutes } from './archiving/routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { registrationsMerging } from './merging.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'registration',
  after: ['audit', 'settings', 'identity', 'organisation', 'customers', 'teams', 'channels', 'conversations'],
  routes: [...routes, ...archivingRoutes, ...customerRoutes],
  hooks: { 'customer.merging': registrationsMerging },
  listeners: [
    {
      name: 'registration.archive-by-rule',
      on: ['customer.registered', 'registration.profile-completed'],
      handle: (ctx, event) => archiveIfMatching(ctx, event.subjectId),
    },
  ],
  schedules: [{ name: 'registration.archive-by-rule', everySeconds: 600, run: archiveMatching }],
}
export default definition

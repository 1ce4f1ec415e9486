import type { ModuleDefinition } from '../../core/modules.ts'
import { alertRoutes } from './alert-routes.ts'
import { evaluateAlerts } from './alerts/evaluate.ts'
import { forgetBatches } from './assigning/remember.ts'
import { boardRoutes } from './routes.ts'
import { socketCommands } from './watching.ts'

const definition: ModuleDefinition = {
  name: 'supervision',
  after: ['audit', 'identity', 'organisation', 'notifications', 'customers', 'teams', 'channels', 'routing', 'conversations'],
  routes: [...boardRoutes, ...alertRoutes],
  socketCommands,
  schedules: [
    // Time alone makes a wait too long; whoever watches the board sees other changes at once.
    { name: 'supervision.evaluate-alerts', everySeconds: 3, run: evaluateAlerts },
    { name: 'supervision.forget-batches', everySeconds: 3600, run: forgetBatches },
  ],
}
export default definition

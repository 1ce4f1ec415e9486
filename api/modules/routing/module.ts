import type { ModuleDefinition } from '../../core/modules.ts'
import { signOff } from './leaving.ts'
import { presencesOf } from './presence.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'routing',
  after: ['identity', 'organisation', 'teams'],
  routes,
  hooks: { 'account.presence': presencesOf, 'staff.disabled': signOff },
}
export default definition

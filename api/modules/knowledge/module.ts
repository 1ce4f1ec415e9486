import type { ModuleDefinition } from '../../core/modules.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'knowledge',
  after: ['audit', 'identity'],
  routes,
}
export default definition

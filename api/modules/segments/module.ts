import type { ModuleDefinition } from '../../core/modules.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import './port.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'segments',
  after: ['audit', 'settings', 'identity', 'customers'],
  routes,
  hooks: { 'dictionary.uses': dictionaryUses },
}
export default definition

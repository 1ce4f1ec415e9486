import type { ModuleDefinition } from '../../core/modules.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import './port.ts'
import { routes } from './routes.ts'
import { tagUses } from './tag-uses.ts'

const definition: ModuleDefinition = {
  name: 'segments',
  after: ['audit', 'settings', 'identity', 'customers'],
  routes,
  hooks: { 'dictionary.uses': dictionaryUses, 'tag.uses': tagUses },
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { presencesOf } from './presence.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = { name: 'routing', after: ['identity'], routes, hooks: { 'account.presence': presencesOf } }
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = { name: 'channels', after: ['customers', 'files', 'identity'], routes }
export default definition

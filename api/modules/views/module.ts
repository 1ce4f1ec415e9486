import type { ModuleDefinition } from '../../core/modules.ts'
import { viewRoutes } from './routes.ts'

const definition: ModuleDefinition = { name: 'views', after: ['audit', 'identity', 'teams'], routes: viewRoutes }
export default definition

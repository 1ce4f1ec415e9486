import type { ModuleDefinition } from '../../core/modules.ts'
import { companyRoutes } from './company-routes.ts'
import { dictionaryRoutes } from './dictionary-routes.ts'

const definition: ModuleDefinition = { name: 'settings', after: ['audit'], routes: [...dictionaryRoutes, ...companyRoutes] }
export default definition

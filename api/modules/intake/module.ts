import type { ModuleDefinition } from '../../core/modules.ts'
import { customerRoutes } from './customer-routes.ts'
import { pageEmbedders } from './web-sessions.ts'

const definition: ModuleDefinition = {
  name: 'intake',
  after: ['files', 'customers', 'channels', 'conversations'],
  routes: customerRoutes,
  hooks: { 'page.embedders': pageEmbedders },
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { consultationRoutes } from './consultation-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { pageEmbedders } from './web-sessions.ts'

const definition: ModuleDefinition = {
  name: 'intake',
  after: ['files', 'customers', 'channels', 'conversations', 'ratings'],
  routes: [...customerRoutes, ...consultationRoutes],
  hooks: { 'page.embedders': pageEmbedders },
}
export default definition

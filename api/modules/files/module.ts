import type { ModuleDefinition } from '../../core/modules.ts'
import { avatarRoutes } from './avatar-routes.ts'
import { forgetOrphans } from './forget-orphans.ts'
import { routes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'files',
  after: ['identity', 'organisation'],
  routes: [...routes, ...avatarRoutes],
  schedules: [{ name: 'files.forget-orphans', everySeconds: 3600, run: forgetOrphans }],
}
export default definition

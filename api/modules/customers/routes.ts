import { customerRoutes } from './customer-routes.ts'
import { institutionRoutes } from './institution-routes.ts'
import { listRoutes } from './list-routes.ts'
import { mergingRoutes } from './merging/index.ts'
import { noteRoutes } from './note-routes.ts'
import { tagRoutes } from './tag-routes.ts'

export const routes = [...listRoutes, ...customerRoutes, ...noteRoutes, ...tagRoutes, ...institutionRoutes, ...mergingRoutes]

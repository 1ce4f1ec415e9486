import './hooks.ts'
import type { ModuleDefinition } from '../../core/modules.ts'
import { categoryRoutes } from './category-routes.ts'
import { countUse } from './count-use.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { fileIsAtHand } from './parts.ts'
import { holdersOf } from './policy.ts'
import { routes } from './routes.ts'
import { sheetRoutes } from './sheet-routes.ts'

const definition: ModuleDefinition = {
  name: 'quick-replies',
  after: ['audit', 'settings', 'identity', 'organisation', 'files', 'customers', 'teams', 'channels', 'routing', 'conversations'],
  routes: [...routes, ...categoryRoutes, ...sheetRoutes],
  listeners: [{ name: 'quick-replies.count-use', on: ['quick_reply.sent'], handle: countUse }],
  hooks: {
    'attachment.kept': async (ctx, attachmentId) => fileIsAtHand(ctx, attachmentId, await holdersOf(ctx)),
    'dictionary.uses': dictionaryUses,
  },
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { customerRoutes } from './customer-routes.ts'
import { ratingEntries } from './customer-timeline.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { inviteByRule } from './invite.ts'
import { afterExplanation, afterRating, afterRefusal } from './react.ts'
import { staffRoutes } from './routes.ts'

const definition: ModuleDefinition = {
  name: 'ratings',
  after: ['audit', 'settings', 'identity', 'organisation', 'notifications', 'customers', 'teams', 'channels', 'conversations'],
  routes: [...staffRoutes, ...customerRoutes],
  listeners: [
    { name: 'ratings.invite-by-rule', on: ['conversation.closed'], handle: inviteByRule },
    { name: 'ratings.react', on: ['rating.given'], handle: afterRating },
    { name: 'ratings.tell-explanation', on: ['rating.explained'], handle: afterExplanation },
    { name: 'ratings.say-late', on: ['rating.refused'], handle: afterRefusal },
  ],
  hooks: {
    'customer.timeline': { kind: 'rating', entries: ratingEntries },
    'dictionary.uses': dictionaryUses,
  },
}
export default definition

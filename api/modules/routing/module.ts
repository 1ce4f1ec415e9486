import type { ModuleDefinition } from '../../core/modules.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { policyRoutes } from './policies/routes.ts'
import { signOff, presencesOf } from './presence/presence.ts'
import { teamRooms } from './presence/rooms.ts'
import { presenceRoutes } from './presence/routes.ts'
import { dismissAbsent, measureResponses, noteActive, noteConnected, sendAway } from './presence/watch.ts'
import { overflowOverdue } from './queue/overdue.ts'
import { queueRoutes } from './queue/routes.ts'
import { routes } from './routes.ts'
import { tagUses } from './tag-uses.ts'

const definition: ModuleDefinition = {
  name: 'routing',
  after: ['audit', 'settings', 'identity', 'organisation', 'customers', 'teams'],
  routes: [...presenceRoutes, ...policyRoutes, ...queueRoutes, ...routes],
  schedules: [
    { name: 'routing.overflow', everySeconds: 5, run: overflowOverdue },
    { name: 'routing.dismiss-the-absent', everySeconds: 10, run: dismissAbsent },
    { name: 'routing.send-away-the-idle', everySeconds: 30, run: sendAway },
    { name: 'routing.measure-responses', everySeconds: 60, run: measureResponses },
  ],
  hooks: {
    'account.presence': presencesOf,
    'dictionary.uses': dictionaryUses,
    'realtime.connected': noteConnected,
    'realtime.rooms': teamRooms,
    'staff.active': noteActive,
    'staff.disabled': signOff,
    'tag.uses': tagUses,
  },
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { routes } from './routes.ts'
import { screenInbound, screenOutbound } from './screening.ts'
import { tellAuthor, tellOfFound, withdraw } from './tell.ts'

const definition: ModuleDefinition = {
  name: 'moderation',
  after: ['audit', 'identity', 'notifications', 'files', 'customers', 'conversations'],
  routes,
  listeners: [
    { name: 'moderation.tell-who-decides', on: ['moderation.found'], handle: tellOfFound },
    { name: 'moderation.tell-the-author', on: ['moderation.decided'], handle: tellAuthor },
    { name: 'moderation.withdraw-the-recalled', on: ['message.recalled'], handle: withdraw },
  ],
  hooks: { 'message.outbound': screenOutbound, 'message.inbound': screenInbound },
}
export default definition

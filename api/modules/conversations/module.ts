import type { ModuleDefinition } from '../../core/modules.ts'
import { announceCustomer } from './announce-customer.ts'
import { drainQueue } from './assign-conversation.ts'
import { giveBack, leavingConversations, takeBackFromDisabled } from './leaving.ts'
import { servedCustomers } from './customer-scope.ts'
import { conversationEntries } from './customer-timeline.ts'
import { movedConversations } from './merging.ts'
import { ConversationRow } from './model.ts'
import { mayView } from './policy.ts'
import { routes } from './routes.ts'
import { segmentFields } from './segment-fields.ts'
import { announceLeft, beacon, socketCommands } from './sockets.ts'
import { tellContact, tellContacts } from './tell-contacts.ts'

const definition: ModuleDefinition = {
  name: 'conversations',
  after: ['identity', 'organisation', 'files', 'customers', 'channels', 'routing'],
  routes,
  socketCommands,
  listeners: [
    {
      name: 'conversations.hand-out-the-queue',
      on: ['agent.available', 'conversation.returned'],
      handle: (ctx) => {
        ctx.afterCommit(() => drainQueue(ctx.app))
        return Promise.resolve()
      },
    },
    {
      name: 'conversations.tell-contact',
      on: ['conversation.queued', 'conversation.closed'],
      handle: (ctx, event) => tellContact(ctx, event.subjectId),
    },
    { name: 'conversations.show-the-new-name', on: ['customer.renamed'], handle: (ctx, event) => announceCustomer(ctx, event.subjectId) },
  ],
  // A process may die between a commit and the hand-out; the queue must not wait for the next event.
  schedules: [
    { name: 'conversations.hand-out-the-queue', everySeconds: 15, run: drainQueue },
    { name: 'conversations.tell-contacts', everySeconds: 30, run: tellContacts },
    { name: 'conversations.take-back-from-the-disabled', everySeconds: 60, run: takeBackFromDisabled },
  ],
  hooks: {
    'attachment.visible': async (ctx, conversationId) => {
      const row = await ConversationRow.query(ctx.trx).findById(conversationId)
      return row !== undefined && mayView(ctx.actor, row)
    },
    'customer.scope': servedCustomers,
    'customer.timeline': { kind: 'conversation', entries: conversationEntries },
    'customer.merging': movedConversations,
    'segment.fields': segmentFields,
    'staff.disabled': giveBack,
    'staff.leaving': leavingConversations,
    'realtime.beacon': beacon,
    'realtime.left': announceLeft,
  },
}
export default definition

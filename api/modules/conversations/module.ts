import type { ModuleDefinition } from '../../core/modules.ts'
import { announceCustomer } from './announce-customer.ts'
import { drainQueue } from './assign-conversation.ts'
import { ConversationRow } from './model.ts'
import { mayView } from './policy.ts'
import { routes } from './routes.ts'
import { announceLeft, beacon, socketCommands } from './sockets.ts'

const definition: ModuleDefinition = {
  name: 'conversations',
  after: ['identity', 'files', 'customers', 'channels', 'routing'],
  routes,
  socketCommands,
  listeners: [
    {
      name: 'conversations.hand-out-the-queue',
      on: ['agent.available'],
      handle: (ctx) => {
        ctx.afterCommit(() => drainQueue(ctx.app))
        return Promise.resolve()
      },
    },
    { name: 'conversations.show-the-new-name', on: ['customer.renamed'], handle: (ctx, event) => announceCustomer(ctx, event.subjectId) },
  ],
  // A process may die between a commit and the hand-out; the queue must not wait for the next event.
  schedules: [{ name: 'conversations.hand-out-the-queue', everySeconds: 15, run: drainQueue }],
  hooks: {
    'attachment.visible': async (ctx, conversationId) => {
      const row = await ConversationRow.query(ctx.trx).findById(conversationId)
      return row !== undefined && mayView(ctx.actor, row)
    },
    'customer.in-scope': async (ctx, customerId) => {
      if (ctx.actor.permissions.has('conversations.read_all')) return true
      const row = await ConversationRow.query(ctx.trx)
        .findOne({ customer_id: customerId })
        .where((scope) => scope.where('assignee_id', ctx.actor.accountId).orWhere('status', 'queued'))
        .select('id')
      return row !== undefined
    },
    'realtime.beacon': beacon,
    'realtime.left': announceLeft,
  },
}
export default definition

import type { ModuleDefinition } from '../../core/modules.ts'
import { announceCustomer } from './announce-customer.ts'
import { movedBlocks } from './blocking/merging.ts'
import { blockingRoutes } from './blocking/routes.ts'
import { contactRoutes } from './consultation/contact-routes.ts'
import { admitWaiting, endWaits } from './consultation/schedules.ts'
import { consultationRoutes } from './consultation/routes.ts'
import { drainQueue } from './assign-conversation.ts'
import { assignableConversations } from './assigning/assignable.ts'
import { enterMissing } from './assigning/enter-missing.ts'
import { passOnUnaccepted } from './assigning/not-accepted.ts'
import { assigningRoutes } from './assigning/routes.ts'
import { dictionaryUses } from './ending/dictionary-uses.ts'
import { closeIdle } from './ending/idle.ts'
import { endingRoutes } from './ending/routes.ts'
import { giveBack, leavingConversations, takeBackFromAbsent, takeBackFromDisabled } from './leaving.ts'
import { servedCustomers } from './customer-scope.ts'
import { conversationEntries } from './customer-timeline.ts'
import { movedConversations } from './merging.ts'
import { ConversationRow } from './model.ts'
import { roomsToLeave } from './oversight/evict.ts'
import { sendReminders } from './planning/reminders.ts'
import { planningRoutes } from './planning/routes.ts'
import { endSnoozes } from './planning/snooze.ts'
import { sees } from './policy.ts'
import { routes } from './routes.ts'
import { forgetRecalled, indexMessages, walkThroughMessages } from './search/index-messages.ts'
import { searchRoutes } from './search/routes.ts'
import { segmentFields } from './segment-fields.ts'
import { startingRoutes } from './starting/routes.ts'
import { announceLeft, beacon, socketCommands } from './sockets.ts'
import { endMerged } from './linking/merge-conversations.ts'
import { seenThroughLink } from './linking/joint-messages.ts'
import { togetherRoutes } from './together-routes.ts'
import { followConversation, forgetDisabled } from './transfers/changed-meanwhile.ts'
import { endUnanswered } from './transfers/end-offer.ts'
import { tellContact, tellContacts } from './tell-contacts.ts'
import { transcriptRoutes } from './transcript/routes.ts'

const definition: ModuleDefinition = {
  name: 'conversations',
  after: ['audit', 'settings', 'identity', 'organisation', 'notifications', 'files', 'customers', 'teams', 'channels', 'routing'],
  routes: [
    ...routes,
    ...endingRoutes,
    ...planningRoutes,
    ...startingRoutes,
    ...assigningRoutes,
    ...searchRoutes,
    ...transcriptRoutes,
    ...blockingRoutes,
    ...consultationRoutes,
    ...contactRoutes,
    ...togetherRoutes,
  ],
  socketCommands,
  listeners: [
    {
      name: 'conversations.hand-out-the-queue',
      on: ['agent.available', 'conversation.returned', 'conversation.moved', 'conversation.entered-queue'],
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
    { name: 'conversations.forget-recalled-words', on: ['message.recalled'], handle: forgetRecalled },
    {
      name: 'conversations.follow',
      on: ['conversation.assigned', 'conversation.returned', 'conversation.closed'],
      handle: (ctx, event) => followConversation(ctx, event),
    },
    { name: 'conversations.end-merged', on: ['conversation.closed'], handle: (ctx, event) => endMerged(ctx, event) },
    { name: 'conversations.show-the-new-name', on: ['customer.renamed'], handle: (ctx, event) => announceCustomer(ctx, event.subjectId) },
  ],
  // A process may die between a commit and the hand-out; the queue must not wait for the next event.
  schedules: [
    { name: 'conversations.admit-the-waiting', everySeconds: 3, run: admitWaiting },
    { name: 'conversations.end-waits', everySeconds: 10, run: endWaits },
    { name: 'conversations.end-unanswered-transfers', everySeconds: 2, run: endUnanswered },
    { name: 'conversations.close-the-idle', everySeconds: 2, run: closeIdle },
    { name: 'conversations.end-snoozes', everySeconds: 2, run: endSnoozes },
    { name: 'conversations.send-reminders', everySeconds: 2, run: sendReminders },
    { name: 'conversations.index-messages', everySeconds: 2, run: indexMessages },
    { name: 'conversations.walk-through-messages', everySeconds: 60, run: walkThroughMessages },
    {
      name: 'conversations.hand-out-the-queue',
      everySeconds: 15,
      run: async (app) => {
        await enterMissing(app)
        await drainQueue(app)
      },
    },
    { name: 'conversations.pass-on-the-unaccepted', everySeconds: 3, run: passOnUnaccepted },
    { name: 'conversations.tell-contacts', everySeconds: 30, run: tellContacts },
    { name: 'conversations.take-back-from-the-disabled', everySeconds: 60, run: takeBackFromDisabled },
  ],
  hooks: {
    'attachment.visible': async (ctx, conversationId) => {
      const row = await ConversationRow.query(ctx.trx).findById(conversationId)
      return row !== undefined && ((await sees(ctx, row)) || (await seenThroughLink(ctx, conversationId)))
    },
    'dictionary.uses': dictionaryUses,
    'customer.scope': servedCustomers,
    'customer.timeline': { kind: 'conversation', entries: conversationEntries },
    'customer.merging': [movedConversations, movedBlocks],
    'segment.fields': segmentFields,
    'staff.disabled': async (ctx, accountId, reason) => {
      await giveBack(ctx, accountId, reason)
      await forgetDisabled(ctx, accountId)
    },
    'staff.leaving': leavingConversations,
    'agent.absent': takeBackFromAbsent,
    'routing.work': assignableConversations,
    'realtime.beacon': beacon,
    'realtime.left': announceLeft,
    'realtime.rooms-to-leave': roomsToLeave,
  },
}
export default definition

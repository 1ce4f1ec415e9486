import type { ModuleDefinition } from '../../core/modules.ts'
import { assignableTickets } from './assigning/assignable.ts'
import { drainPool } from './assigning/drain-pool.ts'
import { giveBackTickets, leavingTickets, takeBackFromDisabled } from './assigning/leaving.ts'
import { assigningRoutes } from './assigning/routes.ts'
import { boardRoutes } from './board/routes.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { contentRoutes } from './content-routes.ts'
import { ticketOfRequest } from './customer/from-request.ts'
import { ticketNumberOf } from './customer/quick-reply-value.ts'
import { customerTicketRoutes } from './customer/routes.ts'
import { ticketCustomers, ticketEntries } from './customer-timeline.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { closeUnanswered } from './ending/close-unanswered.ts'
import { endingListeners } from './ending/listeners.ts'
import { replanListeners } from './ending/replan.ts'
import { endingRoutes } from './ending/routes.ts'
import { escalationListeners } from './escalation/by-rule.ts'
import { escalationRoutes } from './escalation/routes.ts'
import { forgetTicketExports } from './exports/exports.ts'
import { exportRoutes } from './exports/routes.ts'
import { keepsFile } from './files.ts'
import { followUpRoutes } from './follow-ups/routes.ts'
import { linkingRoutes } from './linking/routes.ts'
import { macroRoutes } from './macros/routes.ts'
import { movedTickets } from './merging.ts'
import { partRoutes } from './part-routes.ts'
import { ticketRoutes } from './routes.ts'
import { ticketRatingRoutes } from './ratings/routes.ts'
import { calendarKeepsHours, teamKeepsHours } from './sla/check-policy.ts'
import { recomputeAll, slaListeners } from './sla/recompute.ts'
import { slaRoutes } from './sla/routes.ts'
import { fireAllTimers } from './sla/timers.ts'
import { slaTagUses } from './sla/uses.ts'
import { leftTickets, ticketCommands, ticketsToLeave } from './sockets.ts'
import { watcherListener } from './tell-watchers.ts'
import { typeRoutes } from './types/routes.ts'

const definition: ModuleDefinition = {
  name: 'tickets',
  after: [
    'audit',
    'settings',
    'identity',
    'organisation',
    'notifications',
    'files',
    'customers',
    'teams',
    'channels',
    'routing',
    'conversations',
    'quick-replies',
    'knowledge',
  ],
  routes: [
    ...ticketRoutes,
    ...partRoutes,
    ...contentRoutes,
    ...typeRoutes,
    ...slaRoutes,
    ...escalationRoutes,
    ...assigningRoutes,
    ...bulkRoutes,
    ...macroRoutes,
    ...linkingRoutes,
    ...boardRoutes,
    ...exportRoutes,
    ...followUpRoutes,
    ...endingRoutes,
    ...customerTicketRoutes,
    ...ticketRatingRoutes,
  ],
  socketCommands: ticketCommands,
  listeners: [
    {
      name: 'tickets.hand-out-the-pool',
      on: ['ticket.pooled', 'agent.available'],
      handle: (ctx) => {
        ctx.afterCommit(() => drainPool(ctx.app))
        return Promise.resolve()
      },
    },
    watcherListener,
    ...slaListeners,
    ...escalationListeners,
    ...endingListeners,
    ...replanListeners,
  ],
  schedules: [
    { name: 'tickets.fire-timers', everySeconds: 1, run: fireAllTimers },
    { name: 'tickets.recompute-clocks', everySeconds: 2, run: recomputeAll },
    { name: 'tickets.close-the-unanswered', everySeconds: 1, run: closeUnanswered },
    // A process may die between a commit and the hand-out.
    { name: 'tickets.hand-out-the-pool', everySeconds: 15, run: drainPool },
    { name: 'tickets.take-back-from-the-disabled', everySeconds: 60, run: takeBackFromDisabled },
    { name: 'tickets.forget-exports', everySeconds: 3600, run: forgetTicketExports },
  ],
  hooks: {
    'attachment.kept': keepsFile,
    'calendar.changing': calendarKeepsHours,
    'contact-request.ticket': ticketOfRequest,
    'customer.merging': movedTickets,
    'customer.scope': ticketCustomers,
    'customer.timeline': { kind: 'ticket', entries: ticketEntries },
    'dictionary.uses': dictionaryUses,
    'quick-reply.values': (ctx, conversationId) => ticketNumberOf(ctx, conversationId),
    'realtime.left': leftTickets,
    'realtime.rooms-to-leave': ticketsToLeave,
    'routing.work': assignableTickets,
    'staff.disabled': giveBackTickets,
    'staff.leaving': leavingTickets,
    'tag.uses': slaTagUses,
    'team.calendar-changing': teamKeepsHours,
  },
}
export default definition

import type { Translation } from '../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  notifications: {
    heading: 'Notifications',
    bellUnread: 'Notifications, {n} unread',
    unread: 'Unread',
    readAll: 'Mark all as read',
    all: 'See all notifications',
    allTab: 'All',
    unreadTab: 'Unread',
    empty: 'No notifications yet',
    emptyUnread: 'Nothing unread',
    emptyHint: 'Relations about to end, changed shifts, work handed over to you and the like appear here.',
    title: {
      relation_expiring: 'A service relation ends soon',
      relation_expired: 'A service relation has ended',
      relation_changed: 'A service relation changed',
      staff_work_received: 'Work was handed over to you',
      customer_assigned: 'A new regular customer',
      customer_merge_suggested: 'Customers that may be the same',
      import_finished: 'Import finished',
      export_finished: 'Export finished',
      shift_changed: 'Shifts changed',
      shift_swap_requested: 'A shift swap is asked for',
      team_joined: 'You joined a team',
      conversation_requeued: 'A conversation is back in the queue',
      audit_chain_broken: 'The audit trail is not intact',
      other: 'News',
    },
    text: {
      relation_expiring: 'The relation of {customer} and {team} ends on {day}: renew it or hand it over.',
      relation_expired: 'The relation of {customer} and {team} ended on {day}.',
      relation_changed: '{by} changed the relation of {customer} and {team}.',
      staff_work_received: '{by} handed {count} items of {from} over to you.',
      customer_assigned: '{by} made you responsible for {customer}.',
      customer_merge_suggested: '{count} groups of customers may be the same person; please decide.',
      import_finished: '{file}: {good} rows imported, {bad} with errors.',
      export_finished: '{file}: {count} rows, ready to download.',
      shift_changed: '{by} changed the shifts of {team} in the week of {week}.',
      shift_swap_requested: '{by} asks to swap a shift of {team} on {day}.',
      team_joined: '{by} added you to {team}.',
      conversation_requeued: 'The conversation of {customer} went back to the queue because {from} was disabled.',
      audit_chain_broken: '{fault}; the {checked} lines before it hold. Check at once who had access to the database.',
    },
  },
}
export default words

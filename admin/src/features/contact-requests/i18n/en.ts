import type { Translation } from '../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  contactRequests: {
    title: 'Messages left',
    intro: 'What customers left outside working hours. Once somebody has been in touch, mark it as handled.',
    status: 'State',
    open: 'To do',
    handled: 'Handled',
    all: 'All',
    allTeams: 'All teams',
    noTeam: 'No team',
    unnamed: 'Unnamed customer',
    noContact: 'No contact given',
    columns: {
      customer: 'Customer',
      words: 'Message',
      contact: 'Contact',
      team: 'Team',
      time: 'Left',
      state: 'State',
      actions: 'Actions',
    },
    conversation: 'Conversation',
    ticket: 'Ticket',
    markHandled: 'Mark handled',
    done: 'Marked as handled',
    empty: 'Nothing left to answer',
    emptyHint: 'What customers leave outside working hours appears here.',
    nothingFound: 'No message matches',
    clear: 'Clear filters',
  },
}
export default words

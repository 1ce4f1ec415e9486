import type { Translation } from '../../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  listing: {
    filter: 'Filter and order',
    choose: 'Choose several',
    view: 'Which of mine',
    views: { all: 'Active', snoozed: 'Later', pinned: 'Pinned', reminders: 'Reminders', helping: 'Helping' },
    saved: 'Saved views',
    everywhere: 'Search all messages',
    saveAs: 'Save the current filter as…',
    empty: {
      snoozed: { title: 'Nothing put aside', hint: 'Choose “Later” in a conversation; it comes back by itself.' },
      pinned: { title: 'Nothing pinned', hint: 'Pinned conversations stay on top of the list.' },
      reminders: { title: 'No reminders', hint: 'Choose “Remind me” in a conversation; you will be notified in time.' },
      helping: { title: 'Nobody asked for your help', hint: 'Conversations you are invited to appear here.' },
    },
    snoozedUntil: 'back {time}',
    snoozedWord: 'back when the customer writes',
    pinned: 'Pinned',
    blocked: 'Blocked',
    helping: 'Helping',
    offered: 'Transferring',
    notAccepted: 'Not looked at yet',
    acceptWithin: 'accept: {time}',
    acceptHint: 'Not accepted by then, the conversation goes to the next agent',
    vip: 'VIP',
    priority: 'Priority',
    team: 'Team',
    allTeams: 'All teams',
    noTeam: 'No team',
    waitingFor: { team_choice: 'Choosing a team', off_hours: 'Off hours' },
    bulk: {
      accept: 'Accept',
      transfer: 'Transfer',
      close: 'End',
      snooze: 'Until they write',
      read: 'Mark as read',
      pin: 'Pin',
      done: '{n} conversation done | {n} conversations done',
      part: '{done} done, {failed} refused: {reason}',
    },
  },
}
export default words

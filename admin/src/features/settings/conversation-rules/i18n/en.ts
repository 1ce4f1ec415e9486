const words = {
  conversationRules: {
    title: 'Conversation rules',
    intro:
      'How conversations end by themselves, what has to be filled in at the end, and what customers are told. A team’s rules come before those of the account, and these before the rules for all; what is not set follows the rules for all.',
    forAll: 'For all',
    ofTeam: 'Team: {name}',
    ofAccount: 'Channel account: {name}',
    own: 'Own setting',
    asForAll: 'As for all',
    idleWarnMinutes: 'Remind after silence of (minutes)',
    idleWarnMinutesHint:
      'Counted from the agent’s last answer; 0: never ends by itself. A conversation whose customer waits for an answer is never ended.',
    idleCloseMinutes: 'End after the reminder (minutes)',
    idleCloseMinutesHint: '0: ends without a reminder.',
    reopenHours: 'Go on within (hours)',
    reopenHoursHint:
      'A customer who comes back within this time goes on where he ended, with the same agent if possible; 0: always a new inquiry.',
    wrapUp: 'Required wrap-up',
    wrapUpHint: 'To be filled in when an agent ends a conversation.',
    wrap: { category: 'Category', result: 'Result', summary: 'Summary', tags: 'Tags' },
    words: 'Closing words',
    wordsHint:
      'A customer who sends one of these and nothing else ends the conversation; for channels without a button, such as official accounts.',
    texts: 'Automatic messages',
    textsHint:
      "Variables: {'{{'}customer{'}}'}, {'{{'}agent{'}}'}, {'{{'}team{'}}'}, {'{{'}minutes{'}}'}. Said in the customer’s language; Chinese where it is not known or English is empty. Both empty: nothing is sent. Not sent where the channel does not allow it.",
    text: {
      idleWarning: 'Reminder after silence',
      idleClosed: 'Ended after silence',
      closed: 'Ended by the agent',
      customerClosed: 'Ended by the customer',
      blocked: 'To a blocked customer who writes (once)',
    },
    none: 'Empty: nothing is sent',
    choose: 'Choose a team or channel account',
    teams: 'Teams',
    accounts: 'Channel accounts',
    add: 'Add rules',
    remove: 'Remove these rules',
    removeSure: 'Remove the rules of “{name}”? The rules for all then apply.',
    transfers: {
      title: 'Transfers',
      seconds: 'Time to accept (seconds)',
      hint: 'When a colleague has not accepted within this time, the conversation stays with whoever has it. Holds for transfers offered from now on.',
    },
  },
}
export default words

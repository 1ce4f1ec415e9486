import type words from './zh-CN.ts'

const en: typeof words = {
  search: {
    title: 'Search messages',
    placeholder: 'Words in messages, two characters at least; several apart by blanks',
    start: 'Enter what you are looking for',
    startHint: 'In all conversations that you may read: what customers and colleagues said, notes, names of files.',
    empty: 'Nothing found for “{q}”',
    emptyHint: 'Try other words, or a wider time and fewer filters.',
    tooShort: 'Enter at least two characters that stand beside each other',
    all: 'All messages',
    direction: { inbound: 'Said by customers', outbound: 'Said by us', note: 'Internal notes' },
    directionLabel: 'Said by',
    channel: 'All channels',
    agent: 'Agent',
    from: 'From',
    to: 'Until',
    filters: 'Filters',
    results: 'Results',
    searchedTo: 'Searched back to {day}',
    older: 'Search older messages',
    open: 'Open the conversation at this message',
    unassigned: 'Not assigned',
    sender: { outbound: 'Agent', bot: 'Automatic message' },
  },
}
export default en

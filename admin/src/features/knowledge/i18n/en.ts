import type { Translation } from '../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  articleDrafts: {
    title: 'Article drafts',
    intro: 'What was learnt: made of the solutions of tickets, or written down by hand. Once tidied up, a draft can become an article.',
    search: 'Search titles and texts',
    add: 'Write a draft',
    edit: 'Edit draft',
    name: 'Title',
    body: 'Text',
    nameNeeded: 'Give it a title',
    bodyNeeded: 'Write something',
    columns: { title: 'Title', source: 'Made of', author: 'By', time: 'Updated', actions: 'Actions' },
    source: { ticket: 'Ticket {label}', hand: 'By hand' },
    saved: 'Draft saved',
    remove: 'Delete',
    removed: 'Draft deleted',
    removeAsk: 'Delete the draft “{title}”? It cannot be brought back.',
    empty: 'No drafts yet',
    emptyHint: 'Keep the solution of a ticket as a draft, and it appears here.',
    nothingFound: 'No draft matches',
    clear: 'Clear filters',
    panel: { title: 'Knowledge', insert: 'Put into the reply' },
  },
}
export default words

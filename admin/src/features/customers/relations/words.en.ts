import type { Translation } from '../../../i18n/translation.ts'
import type zh from './words.zh-CN.ts'

const words: Translation<typeof zh> = {
  title: 'Service relations',
  add: 'Add a relation',
  none: 'No team serves here yet',
  created: 'Relation established',
  team: 'Team',
  teamMissing: 'Choose a team',
  noTeams: 'There is no team you may manage',
  rankLabel: 'Rank',
  rank: { primary: 'Primary', secondary: 'Secondary' },
  business: 'Business',
  allBusiness: 'Every business',
  from: 'From',
  until: 'Until',
  today: 'From today',
  open: 'Until further notice',
  remind: 'Remind before the end',
  since: 'since {from}',
  state: { upcoming: 'To come', active: 'In force', expiring: 'Ends soon', expired: 'Over', ended: 'Ended' },
  end: 'End',
  ended: 'Relation ended',
  endedByMerge: 'Gave way when customers were merged',
  endReason: 'Why does “{team}” stop serving?',
  showPast: 'Show {n} that are over',
  hidePast: 'Hide those that are over',
  forMany: 'For the {n} chosen customers.',
}
export default words

import type { Translation } from '../../../i18n/translation.ts'
import type zh from './words.zh-CN.ts'

const words: Translation<typeof zh> = {
  title: 'Service relations',
  none: 'No team serves here yet',
  since: 'since {from}',
  showPast: 'Show {n} that are over',
  hidePast: 'Hide those that are over',
}
export default words

import type { Translation } from '../../../i18n/translation.ts'
import type zh from './zh-CN.ts'

const words: Translation<typeof zh> = {
  customerPanel: {
    title: 'Customer',
    remark: 'Remark name',
    remarkPlaceholder: 'Click to name this customer',
    remarkEmpty: 'No remark name yet',
    identities: 'Identities',
    subscribed: 'Follows',
    unsubscribed: 'Unfollowed',
    source: 'Came from',
    firstSeen: 'First seen',
    lastSeen: 'Last seen',
    history: 'Earlier conversations',
    noHistory: 'No earlier conversations',
    current: 'This one',
    servedBy: 'with {name}',
    platformName: 'Channel name',
    added: 'On file since',
    tail: 'ends in {tail}',
  },
}
export default words

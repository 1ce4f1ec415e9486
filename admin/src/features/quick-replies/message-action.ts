import { CollectionTag } from '@element-plus/icons-vue'
import type { MessageAction } from '../../shared/message-action.ts'
import { replyPartsOf } from './parts-of-message.ts'

const action: MessageAction = {
  id: 'save-as-quick-reply',
  titleKey: 'quickReplies.quickAdd.action',
  icon: CollectionTag,
  order: 50,
  permission: 'conversations.reply',
  available: (message) => message.recalledAt === null && message.direction !== 'system' && replyPartsOf(message).length > 0,
  component: () => import('./quick-add.vue'),
}
export default action

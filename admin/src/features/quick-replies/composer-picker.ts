import { ChatLineSquare } from '@element-plus/icons-vue'
import type { ComposerPicker } from '../../shared/composer-picker.ts'

const picker: ComposerPicker = {
  id: 'quick-replies',
  titleKey: 'quickReplies.picker.title',
  icon: ChatLineSquare,
  order: 10,
  trigger: '/',
  permission: 'conversations.reply',
  component: () => import('./composer-picker.vue'),
}
export default picker

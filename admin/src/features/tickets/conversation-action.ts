import { Tickets } from '@element-plus/icons-vue'
import type { ConversationAction } from '../../shared/conversation-action.ts'

const action: ConversationAction = {
  id: 'ticket',
  titleKey: 'ticket.action.create',
  icon: Tickets,
  order: 10,
  permission: 'tickets.create',
  available: () => true,
  component: () => import('./workbench/create-of-conversation.vue'),
}
export default action

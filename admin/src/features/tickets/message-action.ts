import { Tickets } from '@element-plus/icons-vue'
import type { MessageAction } from '../../shared/message-action.ts'

const action: MessageAction = {
  id: 'ticket',
  titleKey: 'ticket.action.create',
  icon: Tickets,
  order: 20,
  permission: 'tickets.create',
  available: (message) => message.direction !== 'system' && message.recalledAt === null,
  component: () => import('./workbench/create-of-message.vue'),
}
export default action

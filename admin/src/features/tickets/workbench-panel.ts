import { Tickets } from '@element-plus/icons-vue'
import type { WorkbenchPanel } from '../../shared/workbench-panel.ts'

const panel: WorkbenchPanel = {
  id: 'tickets',
  titleKey: 'ticket.panel.title',
  order: 3,
  icon: Tickets,
  permission: 'tickets.read',
  component: () => import('./workbench/ticket-panel.vue'),
}
export default panel

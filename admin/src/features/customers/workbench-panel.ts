import { User } from '@element-plus/icons-vue'
import type { WorkbenchPanel } from '../../shared/workbench-panel.ts'

const panel: WorkbenchPanel = {
  id: 'customer',
  titleKey: 'customerPanel.title',
  order: 1,
  icon: User,
  permission: 'customers.read',
  component: () => import('./customer-panel.vue'),
}
export default panel

import { Reading } from '@element-plus/icons-vue'
import type { WorkbenchPanel } from '../../shared/workbench-panel.ts'

const panel: WorkbenchPanel = {
  id: 'knowledge',
  titleKey: 'articleDrafts.panel.title',
  order: 4,
  icon: Reading,
  permission: 'knowledge.draft',
  component: () => import('./knowledge-panel.vue'),
}
export default panel

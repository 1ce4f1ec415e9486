import { ChatDotRound } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'workbench/:id?',
    name: 'workbench',
    component: () => import('./workbench-page.vue'),
    meta: { titleKey: 'nav.workbench', permission: 'conversations.read', fits: true, nav: { icon: ChatDotRound, order: 1 } },
  },
]

import { ChatLineRound } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'contact-requests',
    name: 'contact-requests',
    component: () => import('./contact-requests-page.vue'),
    meta: { titleKey: 'contactRequests.title', permission: 'conversations.read', nav: { icon: ChatLineRound, order: 8 } },
  },
]

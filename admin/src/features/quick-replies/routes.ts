import { ChatLineSquare } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'quick-replies',
    name: 'quick-replies',
    component: () => import('./quick-replies-page.vue'),
    meta: { titleKey: 'quickReplies.title', permission: 'conversations.reply', nav: { icon: ChatLineSquare, order: 28 } },
  },
]

import { Search } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'search',
    name: 'search',
    component: () => import('./search-page.vue'),
    meta: { titleKey: 'search.title', permission: 'conversations.read', nav: { icon: Search, order: 5 } },
  },
]

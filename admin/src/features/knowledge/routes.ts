import { Reading } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'knowledge/drafts',
    name: 'article-drafts',
    component: () => import('./drafts-page.vue'),
    meta: { titleKey: 'articleDrafts.title', permission: 'knowledge.draft', nav: { icon: Reading, order: 27 } },
  },
]

import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'routing',
    name: 'settings-routing',
    component: () => import('./policies-page.vue'),
    meta: { titleKey: 'routing.title', permission: 'routing.manage', section: { group: 'assignment', order: 24 } },
  },
  {
    path: 'queue-rules',
    name: 'settings-queue-rules',
    component: () => import('./queue-rules-page.vue'),
    meta: { titleKey: 'queueRules.title', permission: 'routing.manage', section: { group: 'assignment', order: 25 } },
  },
]

import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'audit',
    name: 'settings-audit',
    component: () => import('./audit-page.vue'),
    meta: { titleKey: 'audit.title', permission: 'audit.read', section: { group: 'company', order: 90 } },
  },
]

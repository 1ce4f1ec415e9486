import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'company',
    name: 'settings-company',
    component: () => import('./company-page.vue'),
    meta: { titleKey: 'company.title', permission: 'settings.manage', section: { group: 'company', order: 20 } },
  },
]

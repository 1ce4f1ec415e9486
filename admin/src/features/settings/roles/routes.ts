import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'roles',
    name: 'settings-roles',
    component: () => import('./roles-page.vue'),
    meta: { titleKey: 'roles.title', permission: 'roles.manage', section: { group: 'company', order: 30 } },
  },
]

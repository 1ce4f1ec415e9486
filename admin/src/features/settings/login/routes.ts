import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'login',
    name: 'settings-login',
    component: () => import('./login-settings-page.vue'),
    meta: { titleKey: 'loginSettings.title', permission: 'settings.manage', section: { group: 'company', order: 60 } },
  },
]

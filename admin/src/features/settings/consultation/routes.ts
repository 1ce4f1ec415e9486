import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'consultation',
    name: 'settings-consultation',
    component: () => import('./consultation-page.vue'),
    meta: { titleKey: 'consultation.title', permission: 'settings.manage', section: { group: 'reception', order: 20 } },
  },
]

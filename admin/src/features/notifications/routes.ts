import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'notifications',
    name: 'notifications',
    component: () => import('./notifications-page.vue'),
    meta: { titleKey: 'notifications.heading' },
  },
]

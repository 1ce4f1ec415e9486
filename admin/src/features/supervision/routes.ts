import { Monitor } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'supervision',
    name: 'supervision',
    component: () => import('./board-page.vue'),
    meta: { titleKey: 'supervision.title', permission: 'supervision.view', nav: { icon: Monitor, order: 15 } },
  },
  {
    path: 'supervision/wall',
    name: 'supervision-wall',
    component: () => import('./wall-page.vue'),
    meta: { titleKey: 'supervision.wall.title', permission: 'supervision.view' },
  },
  {
    path: 'supervision/alerts',
    name: 'supervision-alerts',
    component: () => import('./alerts-page.vue'),
    meta: { titleKey: 'supervision.alerts.title', permission: 'supervision.view' },
  },
]

import { Star } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'ratings',
    name: 'ratings',
    component: () => import('./ratings-page.vue'),
    meta: { titleKey: 'ratings.title', permission: 'ratings.read', nav: { icon: Star, order: 40 } },
  },
  {
    path: 'ratings/tickets',
    name: 'ticket-ratings',
    component: () => import('./tickets-page.vue'),
    meta: { titleKey: 'ratings.title', permission: 'ratings.read' },
  },
  {
    path: 'ratings/settings',
    name: 'rating-settings',
    component: () => import('./settings/settings-page.vue'),
    meta: { titleKey: 'ratings.title', permission: 'ratings.read' },
  },
]

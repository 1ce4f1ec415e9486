import { Link } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'registration',
    name: 'registration',
    component: () => import('./links-page.vue'),
    meta: { titleKey: 'registration.title', permission: 'registrations.manage', nav: { icon: Link, order: 25 } },
  },
]

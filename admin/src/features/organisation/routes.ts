import { OfficeBuilding } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'organisation',
    name: 'organisation',
    component: () => import('./organisation-page.vue'),
    meta: {
      titleKey: 'organisation.title',
      permission: 'staff.read',
      anyPermission: ['staff.manage', 'departments.manage'],
      nav: { icon: OfficeBuilding, order: 80 },
    },
  },
]

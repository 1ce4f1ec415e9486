import { User } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

/** Nothing else below these paths is so long and of these characters alone. */
const UUID = '([\\da-fA-F-]{36})'

export const routes: RouteRecordRaw[] = [
  {
    path: 'customers',
    name: 'customers',
    component: () => import('./list/customers-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read', nav: { icon: User, order: 20 } },
  },
  {
    path: `customers/:id${UUID}`,
    name: 'customer',
    component: () => import('./profile/customer-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read' },
  },
  {
    path: 'customers/institutions',
    name: 'institutions',
    component: () => import('./institutions/institutions-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read' },
  },
  {
    path: `customers/institutions/:id${UUID}`,
    name: 'institution',
    component: () => import('./institutions/institution-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read' },
  },
  {
    path: 'customers/segments',
    name: 'segments',
    component: () => import('./segments/segments-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read' },
  },
  {
    path: 'customers/segments/new',
    name: 'segment-new',
    component: () => import('./segments/segment-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'segments.manage' },
  },
  {
    path: `customers/segments/:id${UUID}`,
    name: 'segment',
    component: () => import('./segments/segment-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.read' },
  },
  {
    path: 'customers/tags',
    name: 'tags',
    component: () => import('./tags/tags-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'tags.manage' },
  },
  {
    path: 'customers/merges',
    name: 'merges',
    component: () => import('./merging/merges-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.merge' },
  },
  {
    path: 'customers/imports',
    name: 'customer-imports',
    component: () => import('./imports/imports-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.import' },
  },
  {
    path: `customers/imports/:id${UUID}`,
    name: 'customer-import',
    component: () => import('./imports/import-page.vue'),
    meta: { titleKey: 'customers.title', permission: 'customers.import' },
  },
]

import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'dictionaries/:dictionary?',
    name: 'settings-dictionaries',
    component: () => import('./dictionaries-page.vue'),
    meta: { titleKey: 'dictionaries.title', permission: 'dictionaries.manage', section: { group: 'company', order: 40 } },
  },
]

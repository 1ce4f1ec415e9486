import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'sla',
    name: 'settings-sla',
    component: () => import('./policies-page.vue'),
    meta: { titleKey: 'slaSettings.title', permission: 'tickets.settings', section: { group: 'tickets', order: 40 } },
  },
  {
    path: 'escalation',
    name: 'settings-escalation',
    component: () => import('./levels-page.vue'),
    meta: { titleKey: 'escalationSettings.title', permission: 'tickets.settings', section: { group: 'tickets', order: 50 } },
  },
]

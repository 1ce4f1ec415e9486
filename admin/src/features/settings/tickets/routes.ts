import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'ticket-types',
    name: 'settings-ticket-types',
    component: () => import('./types/types-page.vue'),
    meta: { titleKey: 'ticketTypes.title', permission: 'tickets.settings', section: { group: 'tickets', order: 10 } },
  },
  {
    path: 'ticket-templates',
    name: 'settings-ticket-templates',
    component: () => import('./templates/templates-page.vue'),
    meta: { titleKey: 'ticketTemplates.title', permission: 'tickets.settings', section: { group: 'tickets', order: 20 } },
  },
  {
    path: 'ticket-macros',
    name: 'settings-ticket-macros',
    component: () => import('./macros/macros-page.vue'),
    meta: { titleKey: 'ticketMacros.title', permission: 'tickets.settings', section: { group: 'tickets', order: 30 } },
  },
  {
    path: 'ticket-ending',
    name: 'settings-ticket-ending',
    component: () => import('./ending/ending-page.vue'),
    meta: { titleKey: 'ticketEndingRules.title', permission: 'tickets.settings', section: { group: 'tickets', order: 60 } },
  },
  {
    path: 'ticket-limits',
    name: 'settings-ticket-limits',
    component: () => import('./wip/wip-page.vue'),
    meta: { titleKey: 'ticketLimits.title', permission: 'tickets.settings', section: { group: 'tickets', order: 70 } },
  },
]

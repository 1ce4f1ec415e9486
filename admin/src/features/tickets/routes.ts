import { Tickets } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

const UUID = '([\\da-fA-F-]{36})'

export const routes: RouteRecordRaw[] = [
  {
    path: 'tickets',
    name: 'tickets',
    component: () => import('./list/tickets-page.vue'),
    meta: { titleKey: 'ticket.title', permission: 'tickets.read', nav: { icon: Tickets, order: 10 } },
  },
  {
    path: `tickets/:id${UUID}`,
    name: 'ticket',
    component: () => import('./detail/ticket-page.vue'),
    meta: { titleKey: 'ticket.title', permission: 'tickets.read' },
  },
  {
    path: 'tickets/board',
    name: 'ticket-board',
    component: () => import('./board/board-page.vue'),
    meta: { titleKey: 'ticket.pages.board', permission: 'tickets.read' },
  },
  {
    path: 'tickets/warnings',
    name: 'ticket-warnings',
    component: () => import('./warnings/warnings-page.vue'),
    meta: { titleKey: 'ticket.pages.warnings', permission: 'tickets.read' },
  },
]

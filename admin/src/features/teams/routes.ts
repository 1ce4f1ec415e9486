import { Headset } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

/** Nothing else below these paths is so long and of these characters alone. */
const UUID = '([\\da-fA-F-]{36})'

export const routes: RouteRecordRaw[] = [
  {
    path: 'teams',
    name: 'teams',
    component: () => import('./list/teams-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'teams.read', nav: { icon: Headset, order: 30 } },
  },
  {
    path: `teams/:id${UUID}/:tab(profile|members|shifts)?`,
    name: 'team',
    component: () => import('./team/team-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'teams.read' },
  },
  // Where a notice about a swap leads to.
  {
    path: `teams/:id${UUID}/shifts/swaps`,
    redirect: ({ params }) => ({ name: 'team', params: { id: params['id'] ?? '', tab: 'shifts' }, hash: '#swaps' }),
  },
  {
    path: 'teams/relations',
    name: 'relations',
    component: () => import('./relations/relations-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'relations.read' },
  },
  {
    path: 'teams/calendars',
    name: 'calendars',
    component: () => import('./calendars/calendars-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'teams.read' },
  },
  {
    path: 'teams/calendars/new',
    name: 'calendar-new',
    component: () => import('./calendars/calendar-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'teams.manage' },
  },
  {
    path: `teams/calendars/:id${UUID}`,
    name: 'calendar',
    component: () => import('./calendars/calendar-page.vue'),
    meta: { titleKey: 'teams.title', permission: 'teams.read' },
  },
]

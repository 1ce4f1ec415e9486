import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'channels',
    name: 'settings-channels',
    component: () => import('./channels-page.vue'),
    meta: {
      titleKey: 'channels.title',
      permission: 'channels.read',
      section: { group: 'reception', order: 10, also: ['settings-channel'] },
    },
  },
  {
    path: 'channels/:id',
    name: 'settings-channel',
    component: () => import('./channel-page.vue'),
    meta: { titleKey: 'channels.title', permission: 'channels.read' },
  },
]

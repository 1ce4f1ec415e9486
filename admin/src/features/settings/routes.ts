import { Setting } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'settings/channels',
    name: 'settings-channels',
    component: () => import('./channels/channels-page.vue'),
    meta: { titleKey: 'channels.title', permission: 'channels.read', nav: { icon: Setting, order: 90 } },
  },
  {
    path: 'settings/channels/:id',
    name: 'settings-channel',
    component: () => import('./channels/channel-page.vue'),
    meta: { titleKey: 'channels.title', permission: 'channels.read' },
  },
]

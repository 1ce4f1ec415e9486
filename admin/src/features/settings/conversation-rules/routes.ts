import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'conversation-rules',
    name: 'settings-conversation-rules',
    component: () => import('./rules-page.vue'),
    meta: { titleKey: 'conversationRules.title', permission: 'settings.manage', section: { group: 'reception', order: 30 } },
  },
]

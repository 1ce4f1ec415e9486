import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  {
    path: 'moderation',
    name: 'settings-moderation',
    component: () => import('./moderation-page.vue'),
    meta: { titleKey: 'moderation.title', permission: 'moderation.manage', section: { group: 'content', order: 32 } },
  },
  {
    path: 'moderation/approvals',
    name: 'settings-moderation-approvals',
    component: () => import('./approvals-page.vue'),
    meta: { titleKey: 'moderation.approvals', permission: 'moderation.approve', section: { group: 'content', order: 33 } },
  },
]

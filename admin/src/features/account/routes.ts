import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'account', name: 'account', component: () => import('./account-page.vue'), meta: { titleKey: 'account.title', fits: true } },
]

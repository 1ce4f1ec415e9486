import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./login-page.vue'), meta: { open: true, titleKey: 'login.title' } },
]

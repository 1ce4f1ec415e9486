import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./login-page.vue'), meta: { open: true, titleKey: 'login.title' } },
  {
    path: '/password-reset',
    name: 'password-reset',
    component: () => import('./reset-page.vue'),
    meta: { open: true, titleKey: 'reset.title' },
  },
  {
    path: '/first-password',
    name: 'first-password',
    component: () => import('./first-password-page.vue'),
    meta: { open: true, titleKey: 'firstChange.title' },
  },
]

import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'
import '../shared/nav.ts'
import { useSession } from '../stores/session.ts'

/** Every feature brings its routes; a new one needs no line here. */
const found = import.meta.glob<{ routes: RouteRecordRaw[] }>('../features/*/routes.ts', { eager: true })
export const featureRoutes: RouteRecordRaw[] = Object.values(found).flatMap((module) => module.routes)

const inside = featureRoutes.filter((route) => route.meta?.open !== true)
const outside = featureRoutes.filter((route) => route.meta?.open === true)

const RETRY_MS = 3000
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A server that is just restarting is no reason to send anybody to the login page. */
const loadSession = async (): Promise<void> => {
  const session = useSession()
  while (!session.known) {
    try {
      await session.load()
    } catch {
      await wait(RETRY_MS)
    }
  }
}

const lostPage = () => import('../layout/lost-page.vue')

export const createAppRouter = (): Router => {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...outside,
      {
        path: '/',
        component: () => import('../layout/app-layout.vue'),
        redirect: { name: 'workbench' },
        children: [
          ...inside,
          { path: 'forbidden', name: 'forbidden', component: lostPage, props: { reason: 'forbidden' } },
          { path: ':rest(.*)*', name: 'not-found', component: lostPage, props: { reason: 'not-found' } },
        ],
      },
    ],
  })
  router.beforeEach(async (to) => {
    await loadSession()
    const session = useSession()
    if (session.me?.mustChangePassword === true)
      return to.name === 'first-password' || { name: 'first-password', query: to.meta.open === true ? {} : { next: to.fullPath } }
    if (to.name === 'first-password') return { name: session.me === null ? 'login' : 'workbench' }
    if (to.meta.open === true) return session.me !== null && to.name === 'login' ? { name: 'workbench' } : true
    if (session.me === null) return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    if (to.meta.permission !== undefined && !session.can(to.meta.permission)) return { name: 'forbidden', replace: true }
    return true
  })
  return router
}

import { Setting } from '@element-plus/icons-vue'
import type { RouteRecordRaw } from 'vue-router'
import { SETTINGS_GROUPS } from '../../shared/nav.ts'
import { useSession } from '../../stores/session.ts'

const GROUP_WIDTH = 1000
const placeOf = ({ meta }: RouteRecordRaw): number =>
  meta?.section === undefined ? 0 : SETTINGS_GROUPS.indexOf(meta.section.group) * GROUP_WIDTH + meta.section.order

/** Every folder beside this file brings its pages; a new one needs no line here. */
const found = import.meta.glob<{ routes: RouteRecordRaw[] }>('./*/routes.ts', { eager: true })
export const settingsRoutes: RouteRecordRaw[] = Object.values(found)
  .flatMap((module) => module.routes)
  .toSorted((a, b) => placeOf(a) - placeOf(b))

const sections = settingsRoutes.filter((route) => route.meta?.section !== undefined)
const permissions = sections.flatMap((route) => route.meta?.permission ?? [])

/** The first page that the reader may open. */
const firstSection = () => {
  const session = useSession()
  const open = sections.find((route) => route.meta?.permission === undefined || session.can(route.meta.permission))
  return open?.name === undefined ? { name: 'forbidden' } : { name: open.name }
}

export const routes: RouteRecordRaw[] = [
  {
    path: 'settings',
    name: 'settings',
    redirect: { name: 'settings-first' },
    component: () => import('./settings-frame.vue'),
    meta: { titleKey: 'settings.title', anyPermission: permissions, nav: { icon: Setting, order: 90 } },
    children: [
      { path: 'first', name: 'settings-first', component: () => import('./settings-frame.vue'), beforeEnter: firstSection },
      ...settingsRoutes,
    ],
  },
]

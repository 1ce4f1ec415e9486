import type { Component } from 'vue'
import type { Permission } from '#api/contract/identity.ts'

/** Headings under which the settings stand, in this order. */
export const SETTINGS_GROUPS = ['reception', 'assignment', 'tickets', 'content', 'company'] as const
export type SettingsGroup = (typeof SETTINGS_GROUPS)[number]

/** What a route says about itself in `meta`. */
declare module 'vue-router' {
  interface RouteMeta {
    /** Open without signing in. */
    open?: boolean
    permission?: Permission
    /** Any of these opens an area of several pages. */
    anyPermission?: readonly Permission[]
    titleKey?: string
    /** Laid out down to the width of a phone; other pages keep their width and are scrolled. */
    fits?: boolean
    /** Stands in the rail. Lowest `order` first. */
    nav?: { icon: Component; order: number }
    /** Stands beside the other settings, under the heading of its group. Lowest `order` first; `also` are pages below it. */
    section?: { group: SettingsGroup; order: number; also?: readonly string[] }
  }
}

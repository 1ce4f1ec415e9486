import type { Component } from 'vue'
import type { Permission } from '#api/contract/identity.ts'

/** What a route says about itself in `meta`. */
declare module 'vue-router' {
  interface RouteMeta {
    /** Open without signing in. */
    open?: boolean
    permission?: Permission
    titleKey?: string
    /** Stands in the rail. Lowest `order` first. */
    nav?: { icon: Component; order: number }
  }
}
export {}

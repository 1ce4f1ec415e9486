/// <reference types="vite/client" />

/** For tools that read TypeScript alone; vue-tsc sees the real components. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}

/** JSON comes in as what the caller says it is: the contract types it, `any` must not leak from here. */
interface Body {
  json<T>(): Promise<T>
}
interface JSON {
  parse<T>(text: string): T
}

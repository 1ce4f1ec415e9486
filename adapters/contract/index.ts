export type * from './adapter.ts'
export type * from './context.ts'
export * from './failures.ts'

/** The same keys with other words: what a translation must have, checked by the compiler. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> }

export type Words = Record<string, unknown>
/** The words of all features; each keeps to its own top-level name. */
export const merged = (parts: readonly Words[]): Words => parts.reduce((all, part) => ({ ...all, ...part }), {})

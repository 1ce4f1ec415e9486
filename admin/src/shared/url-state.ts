/** Filters of a list as they stand in the address. Every value is text; several values are joined by commas. */
export type UrlState = Record<string, string>
type Query = Record<string, string | null | (string | null)[] | undefined>

const first = (value: Query[string]): string => {
  const one = Array.isArray(value) ? value[0] : value
  return one ?? ''
}

/** Unknown keys of the address are not taken over; a missing one has its default. */
export const readUrlState = <T extends UrlState>(query: Query, defaults: T): T => {
  const given = Object.keys(defaults).filter((key) => key in query)
  const read: UrlState = Object.fromEntries(given.map((key) => [key, first(query[key])]))
  return { ...defaults, ...read }
}

/** What differs from the defaults, so that a plain list has a plain address. */
export const writeUrlState = <T extends UrlState>(state: T, defaults: T): Record<string, string> =>
  Object.fromEntries(Object.entries(state).filter(([key, value]) => value !== defaults[key]))

export const listed = (value: string): string[] => value.split(',').filter((one) => one !== '')
export const joined = (values: readonly string[]): string => values.join(',')

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Only what differs, so that a colleague's change elsewhere is not written over. Lists go as a whole. Null: nothing. */
export const changesBetween = <T extends object>(before: T, now: T): Partial<T> | null => {
  const changed: Partial<T> = { ...now }
  for (const key in now) {
    if (same(before[key], now[key])) Reflect.deleteProperty(changed, key)
  }
  return Object.keys(changed).length === 0 ? null : changed
}

/** A form begun on an older version: what was typed stays, everything else is as it is now. */
export const rebased = <T extends object>(form: T, before: T, now: T): T => {
  const next: T = { ...now }
  for (const key in form) {
    if (!same(form[key], before[key])) next[key] = form[key]
  }
  return next
}

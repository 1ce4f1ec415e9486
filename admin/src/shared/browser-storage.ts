/** Small settings of this browser. Storage may be blocked or full; the screens then live without. */
const PREFIX = 'lianke.'

export const readStored = (key: string): string | null => {
  try {
    return localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

export const writeStored = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key)
    else localStorage.setItem(PREFIX + key, value)
  } catch {
    // See above: nothing depends on it.
  }
}

/** @returns `fallback` for anything that is missing or no longer JSON */
export const readStoredJson = <T>(key: string, fallback: T): T => {
  const text = readStored(key)
  if (text === null) return fallback
  try {
    return JSON.parse<T>(text)
  } catch {
    return fallback
  }
}

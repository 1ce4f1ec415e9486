/** Panels hand text to whichever composer is on screen; there is at most one. */
type Insert = (text: string) => void

let current: Insert | null = null

export const takeInserts = (insert: Insert): (() => void) => {
  current = insert
  return () => {
    if (current === insert) current = null
  }
}
export const insertIntoComposer: Insert = (text) => current?.(text)

/** What is being typed after a trigger (`/`, `@`), if anything. Pure. */
export interface Typed {
  trigger: string
  /** From the trigger to the cursor, the trigger left out. */
  query: string
  /** Where the trigger stands in the text. */
  start: number
}

const LONGEST = 40

/** A trigger counts at the beginning or after a blank, so that addresses and dates stay what they are; a line break ends it. */
export const typedAfter = (text: string, cursor: number, triggers: readonly string[]): Typed | null => {
  const before = text.slice(0, cursor)
  const found = triggers
    .map((trigger) => ({ trigger, start: before.lastIndexOf(trigger) }))
    .filter(({ start }) => start !== -1 && (start === 0 || /\s/.test(before[start - 1] ?? '')))
    .toSorted((a, b) => b.start - a.start)[0]
  if (found === undefined) return null
  const query = before.slice(found.start + found.trigger.length)
  return query.length > LONGEST || /[\r\n]/.test(query) ? null : { ...found, query }
}

/** The text with what was typed replaced, and where the cursor then stands. */
export const replacedTyped = (text: string, typed: Typed, by: string): { text: string; cursor: number } => {
  const end = typed.start + typed.trigger.length + typed.query.length
  return { text: text.slice(0, typed.start) + by + text.slice(end), cursor: typed.start + by.length }
}

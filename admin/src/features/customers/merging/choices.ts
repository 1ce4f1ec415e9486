import type { MergeFieldSides } from '#api/contract/merge.ts'

export type Side = 'into' | 'from'
export type Choices = Record<string, Side>

/** What stands unless somebody chooses: the proposal of the server. */
export const proposed = (fields: readonly MergeFieldSides[]): Choices =>
  Object.fromEntries(fields.map(({ field, suggested }) => [field, suggested]))

/** Conflicts first: they are what has to be looked at. */
export const inReadingOrder = (fields: readonly MergeFieldSides[]): MergeFieldSides[] =>
  fields.toSorted((a, b) => Number(b.conflict) - Number(a.conflict))

/** Only what differs from the proposal is sent. */
export const chosenOnly = (fields: readonly MergeFieldSides[], choices: Choices): Choices =>
  Object.fromEntries(
    fields.flatMap(({ field, suggested }) =>
      choices[field] === undefined || choices[field] === suggested ? [] : [[field, choices[field]]],
    ),
  )

const DAY_MS = 86_400_000
/** Whole days left to undo, at least 0. */
export const daysLeft = (until: string, now: number): number => Math.max(0, Math.ceil((Date.parse(until) - now) / DAY_MS))

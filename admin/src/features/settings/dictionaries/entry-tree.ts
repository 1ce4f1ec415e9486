import type { Dictionary, ListedEntry } from '#api/contract/dictionary.ts'

/** Those whose entries hang below others, and the list these are of. */
export const PARENTS: Partial<Record<Dictionary, Dictionary>> = { issue_type: 'business_type', region: 'region' }

export interface EntryRow {
  entry: ListedEntry
  depth: 0 | 1
  /** The entry that it would be put before, and the one after next: what the move buttons need. Undefined: cannot. */
  up: string | undefined
  down: string | null | undefined
}
export interface EntryGroup {
  /** A heading of another list: the business type above its issue types. Null where the list stands by itself. */
  heading: ListedEntry | null
  rows: EntryRow[]
}

const inOrder = (entries: readonly ListedEntry[]): ListedEntry[] => entries.toSorted((a, b) => a.position - b.position)

/** Neighbours count as they are shown: moving past a hidden one would seem to do nothing. */
const rowsOf = (siblings: readonly ListedEntry[], depth: 0 | 1): EntryRow[] =>
  siblings.map((entry, index) => ({
    entry,
    depth,
    up: siblings[index - 1]?.id,
    down: index === siblings.length - 1 ? undefined : (siblings[index + 2]?.id ?? null),
  }))

/**
 * The list as it is drawn: groups below the entries of another list, or rows with their children right after them.
 * @param above the list that issue types hang below; empty for others
 */
export const entryGroups = (entries: readonly ListedEntry[], above: readonly ListedEntry[]): EntryGroup[] => {
  const childrenOf = (parentId: string | null): ListedEntry[] => inOrder(entries.filter((entry) => entry.parentId === parentId))
  if (above.length > 0) return inOrder(above).map((heading) => ({ heading, rows: rowsOf(childrenOf(heading.id), 0) }))
  const rows = rowsOf(childrenOf(null), 0).flatMap((row) => [row, ...rowsOf(childrenOf(row.entry.id), 1)])
  return [{ heading: null, rows }]
}

/** Where the dragged entry goes when it is dropped on another: before it, or behind it when it came from above. */
export const dropBefore = (rows: readonly EntryRow[], dragged: string, onto: string): string | null | undefined => {
  const from = rows.find((row) => row.entry.id === dragged)
  const to = rows.find((row) => row.entry.id === onto)
  if (from === undefined || to === undefined || from === to || from.entry.parentId !== to.entry.parentId) return undefined
  return rows.indexOf(from) > rows.indexOf(to) ? onto : to.down === undefined ? null : nextSibling(rows, to)
}

const nextSibling = (rows: readonly EntryRow[], row: EntryRow): string | null => {
  const after = rows.slice(rows.indexOf(row) + 1).find(({ entry }) => entry.parentId === row.entry.parentId)
  return after?.entry.id ?? null
}

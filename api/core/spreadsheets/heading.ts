/** Which column holds what: people move columns, and write headings as they like. */

export interface HeadingColumn<K extends string> {
  key: K
  /** What people may write above it; compared without spaces, stars and case. */
  titles: readonly string[]
}
export interface Heading<K extends string> {
  /** Cell index by key. */
  columns: Map<K, number>
  /** Headings that mean nothing here. */
  unknown: string[]
  /** Headings that appear a second time. */
  repeated: string[]
}

const bare = (title: string): string => title.replace(/[\s\u3000*＊]/g, '').toLowerCase()

export function readHeading<K extends string>(cells: readonly string[], known: readonly HeadingColumn<K>[]): Heading<K> {
  const keyOf = new Map(known.flatMap(({ key, titles }) => titles.map((title) => [bare(title), key] as const)))
  const heading: Heading<K> = { columns: new Map(), unknown: [], repeated: [] }
  cells.forEach((cell, index) => {
    const key = keyOf.get(bare(cell))
    if (key === undefined) {
      if (bare(cell) !== '') heading.unknown.push(cell)
    } else if (heading.columns.has(key)) heading.repeated.push(cell)
    else heading.columns.set(key, index)
  })
  return heading
}

/** The trimmed cell under a heading; empty when the column or the cell is missing. */
export const cellOf = <K extends string>(heading: Heading<K>, cells: readonly string[], key: K): string => {
  const index = heading.columns.get(key)
  return index === undefined ? '' : (cells[index] ?? '').trim()
}

export interface Further<T> {
  rows: T[]
  cursor: string | null
}

/**
 * The same pages again, from a new first page on: as many rows as were there, or as there are by now.
 * @param from where the new first page ended; null: it holds everything
 */
export async function refetchFurther<T>(
  wanted: number,
  from: string | null,
  fetchPage: (cursor: string) => Promise<Further<T>>,
): Promise<Further<T>> {
  const rows: T[] = []
  let cursor = from
  while (cursor !== null && rows.length < wanted) {
    const page = await fetchPage(cursor)
    rows.push(...page.rows)
    cursor = page.cursor
  }
  return { rows, cursor }
}

import type { ImportRow } from '#api/contract/import.ts'
import type { Page } from '../../../api/http.ts'
import { useList } from '../../../shared/use-list.ts'

export type NumberedRow = ImportRow & { id: string }

/** Rows of a file have a number where other rows have an id. */
export const useImportRows = (fetchPage: (cursor: string | undefined) => Promise<Page<ImportRow>>) =>
  useList<NumberedRow>(async (cursor) => {
    const page = await fetchPage(cursor)
    return { ...page, data: page.data.map((row) => ({ ...row, id: String(row.row) })) }
  })

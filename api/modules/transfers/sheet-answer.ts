import type { ResponseObject, ResponseToolkit } from '@hapi/hapi'
import type { Readable } from 'node:stream'
import { SHEET_TYPES, type SheetFormat } from '../../core/spreadsheets/write-sheet.ts'

/** Offered for saving, never shown inside a page or kept by a cache. */
export function sheetAnswer(h: ResponseToolkit, sheet: Readable, file: { name: string; format: SheetFormat }): ResponseObject {
  return h
    .response(sheet)
    .type(SHEET_TYPES[file.format])
    .header('content-disposition', `attachment; filename="${file.name}-${new Date().toISOString().slice(0, 10)}.${file.format}"`)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
}

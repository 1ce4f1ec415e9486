import { one } from '../../../contract/list.ts'
import { staffImportQuery, staffImportSchema } from '../../../contract/organisation.ts'
import type { Ctx } from '../../../core/context.ts'
import { readUpload } from '../../../core/http/read-upload.ts'
import { route } from '../../../core/http/route.ts'
import { sheetStream, SHEET_TYPES } from '../../../core/spreadsheets/write-sheet.ts'
import { entriesOf } from '../../settings/index.ts'
import { TEMPLATE_TITLES } from './columns.ts'
import { applyImport, previewImport } from './import-staff.ts'

const MAX_BYTES = 5 * 1024 * 1024
const tag = 'organisation'
const manage = { permission: 'staff.manage' } as const

/** Two lines that would pass here: their titles, languages and skills are those of this company. */
async function exampleRows(ctx: Ctx): Promise<string[][]> {
  const first = async (dictionary: 'job_title' | 'language' | 'skill') => (await entriesOf(ctx, dictionary))[0]?.label_zh ?? ''
  const [title, language, skill] = [await first('job_title'), await first('language'), await first('skill')]
  return [
    [
      'zhang.wei',
      '张伟',
      'YS0101',
      '',
      '客服',
      title,
      '13800138000',
      'zhang.wei@example.com',
      '2026-03-01',
      language,
      skill && `${skill}:4`,
    ],
    ['wang.fang', '王芳', 'YS0102', '', '主管', '', '', '', '2025-11-17', '', ''],
  ]
}

export const importRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/staff-imports/template',
    summary: 'The import file to fill in (.xlsx), with two lines as an example',
    tag,
    auth: manage,
    response: 'binary',
    async handle(ctx, { h }) {
      const columns = TEMPLATE_TITLES.map((title) => ({ title, width: 16 }))
      const sheet = sheetStream('xlsx', { name: '员工', columns, rows: await exampleRows(ctx) })
      return h.response(sheet).type(SHEET_TYPES.xlsx).header('content-disposition', 'attachment; filename="staff-template.xlsx"')
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/staff-imports',
    summary: 'Import staff from .xlsx or .csv: a preview with faults by row, or, with apply=true, all of it or nothing (MOD-03)',
    tag,
    auth: manage,
    transaction: 'none',
    upload: { maxBytes: MAX_BYTES },
    limit: { per: 'actor', max: 20, windowSeconds: 60 },
    query: staffImportQuery,
    response: one(staffImportSchema),
    errors: ['spreadsheet_unreadable', 'spreadsheet_too_large', 'import_invalid'],
    async handle(ctx, { query, request }) {
      const { data } = await readUpload(request.payload, MAX_BYTES)
      return { data: query.apply === 'true' ? await applyImport(ctx, data) : await previewImport(ctx, data) }
    },
  }),
]

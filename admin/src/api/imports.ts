import type { z } from 'zod'
import type {
  CustomerImport,
  ImportApply,
  ImportRow,
  customerExportRequest,
  customerExportSchema,
  importRowQuery,
} from '#api/contract/import.ts'
import { http, type Page } from './http.ts'
import { uploadFile, type UploadOptions } from './upload.ts'

export type RowKind = NonNullable<z.input<typeof importRowQuery>['only']>
export type CustomerExport = z.infer<typeof customerExportSchema>

const at = (id: string) => `/customer-imports/${encodeURIComponent(id)}`

/** @param create institutions and tags that are not there yet are made when the import is applied */
export const uploadCustomerImport = (file: File, create: boolean, options: UploadOptions): Promise<CustomerImport> =>
  uploadFile(`/customer-imports?createInstitutions=${String(create)}&createTags=${String(create)}`, file, options)
export const fetchCustomerImports = (cursor?: string): Promise<Page<CustomerImport>> =>
  http.page('/customer-imports', { limit: 30, cursor })
export const fetchCustomerImport = (id: string): Promise<CustomerImport> => http.get(at(id))
export const fetchImportRows = (id: string, only: RowKind, cursor?: string): Promise<Page<ImportRow>> =>
  http.page(`${at(id)}/rows`, { only, limit: 50, cursor })
export const applyCustomerImport = (id: string, body: ImportApply): Promise<CustomerImport> => http.post(`${at(id)}/apply`, body)
export const cancelCustomerImport = (id: string, version: number): Promise<CustomerImport> => http.post(`${at(id)}/cancel`, { version })
export const importTemplateUrl = (format: 'xlsx' | 'csv'): string => `/api/v1/customer-imports/template?format=${format}`
export const importErrorsUrl = (id: string): string => `/api/v1${at(id)}/errors?format=xlsx`
export const exportCustomers = (body: z.input<typeof customerExportRequest>): Promise<CustomerExport> =>
  http.post('/customer-exports', body)

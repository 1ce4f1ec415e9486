import type { AuditEntry, AuditFilter, AuditHead, AuditVerdict, ChainPoint } from '#api/contract/audit.ts'
import { addressOf, http, type Page } from './http.ts'

export const fetchAuditEntries = (query: AuditFilter & { limit: number; cursor?: string | undefined }): Promise<Page<AuditEntry>> =>
  http.page('/audit-entries', query)
export const fetchAuditFacets = (): Promise<{ actions: string[]; objectKinds: string[] }> => http.get('/audit-entries/facets')
export const fetchAuditHead = (): Promise<AuditHead> => http.get('/audit-chain')
/** One stretch of the chain; `next` of the answer goes on. */
export const verifyAudit = (after: ChainPoint | null): Promise<AuditVerdict> =>
  http.post('/audit-chain/verify', after === null ? {} : { after })
/** Address of a file with what the filter shows; the browser saves it. */
export const auditExportUrl = (filter: AuditFilter, format: 'xlsx' | 'csv'): string =>
  addressOf('/audit-entries/export', { ...filter, format })

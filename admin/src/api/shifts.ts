import type { z } from 'zod'
import type {
  Roster,
  RosterChange,
  RosterImportPreview,
  ShiftSwap,
  ShiftTemplate,
  rosterCopy,
  rosterCopyResult,
  shiftSwapCreate,
  shiftSwapDecision,
  shiftSwapListQuery,
  shiftTemplateCreate,
  shiftTemplatePatch,
} from '#api/contract/team.ts'
import { addressOf, http, type Page } from './http.ts'
import { uploadFile, type UploadOptions } from './upload.ts'

export type RosterCopyResult = z.infer<typeof rosterCopyResult>
export type SwapState = NonNullable<z.input<typeof shiftSwapListQuery>['state']>

const teamAt = (id: string) => `/teams/${encodeURIComponent(id)}`
const rosterAt = (id: string, week: string) => `${teamAt(id)}/rosters/${encodeURIComponent(week)}`

export const fetchRoster = (id: string, week: string): Promise<Roster> => http.get(rosterAt(id, week))
export const putRoster = (id: string, week: string, body: RosterChange): Promise<Roster> => http.put(rosterAt(id, week), body)
export const copyRoster = (id: string, body: z.input<typeof rosterCopy>): Promise<RosterCopyResult> =>
  http.post(`${teamAt(id)}/roster-copies`, body)
export const previewRosterImport = (id: string, week: string, file: File, options: UploadOptions): Promise<RosterImportPreview> =>
  uploadFile(`${rosterAt(id, week)}/imports`, file, options)
export const rosterSheetUrl = (id: string, week: string): string => addressOf(`${rosterAt(id, week)}/sheet`)

export const createShiftTemplate = (id: string, body: z.input<typeof shiftTemplateCreate>): Promise<ShiftTemplate> =>
  http.post(`${teamAt(id)}/shift-templates`, body)
export const patchShiftTemplate = (id: string, templateId: string, body: z.input<typeof shiftTemplatePatch>): Promise<ShiftTemplate> =>
  http.patch(`${teamAt(id)}/shift-templates/${encodeURIComponent(templateId)}`, body)

export const fetchSwaps = (id: string, query: { state?: SwapState | undefined; cursor?: string | undefined }): Promise<Page<ShiftSwap>> =>
  http.page(`${teamAt(id)}/shift-swaps`, { ...query, limit: 20 })
export const createSwap = (id: string, body: z.input<typeof shiftSwapCreate>): Promise<ShiftSwap> =>
  http.post(`${teamAt(id)}/shift-swaps`, body)
export const decideSwap = (id: string, swapId: string, body: z.input<typeof shiftSwapDecision>): Promise<ShiftSwap> =>
  http.post(`${teamAt(id)}/shift-swaps/${encodeURIComponent(swapId)}/decision`, body)

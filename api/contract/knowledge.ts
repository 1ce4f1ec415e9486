/** Articles to be: what was learnt is kept as a draft until somebody makes an article of it (BP-006.10). */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

export const DRAFT_SOURCES = ['ticket', 'hand'] as const
export type DraftSource = (typeof DRAFT_SOURCES)[number]
const person = z.object({ id: z.uuid(), name: z.string() })

export const articleDraftSummarySchema = z.object({
  id: z.uuid(),
  title: z.string(),
  /** What it was made of; one draft of each. */
  source: z.object({ kind: z.enum(DRAFT_SOURCES), id: z.uuid().nullable(), label: z.string().nullable() }),
  createdBy: person.nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type ArticleDraftSummary = z.infer<typeof articleDraftSummarySchema>
export const articleDraftSchema = articleDraftSummarySchema.extend({ body: z.string() })
export type ArticleDraft = z.infer<typeof articleDraftSchema>

/** Newest first; `q`: every word of it stands in the title or the text. */
export const articleDraftListQuery = listQuery.extend({ q: safeText(60).optional(), source: z.enum(DRAFT_SOURCES).optional() })
const content = {
  title: safeText(120).refine((text) => text.trim() !== '', { message: 'blank_text' }),
  body: safeText(40_000).refine((text) => text.trim() !== '', { message: 'blank_text' }),
}
export const articleDraftCreate = z.strictObject(content)
export const articleDraftPatch = z.strictObject({
  title: content.title.optional(),
  body: content.body.optional(),
  version: z.int().positive(),
})
export const articleDraftRemove = z.strictObject({ version: z.coerce.number().int().positive() })

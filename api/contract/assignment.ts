/** Who had which work, and what becomes of it when somebody decides by hand. */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { figuresSchema, named, person, reasonSchema, STRATEGIES, WORK_KINDS } from './routing.ts'

export const assignmentSchema = z.object({
  id: z.uuid(),
  work: z.object({ kind: z.enum(WORK_KINDS), id: z.uuid(), label: z.string().nullable() }),
  account: person,
  team: named.nullable(),
  reason: reasonSchema,
  policy: named.nullable(),
  strategy: z.enum(STRATEGIES).nullable(),
  /** Who else was considered, best first. */
  considered: z.array(z.object({ account: person, figures: figuresSchema })),
  by: person.nullable(),
  note: z.string().nullable(),
  assignedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** `assignmentEnd.{code}` on screen; what follows a colon is the reason of closing. */
  endReason: z.string().nullable(),
})
export type Assignment = z.infer<typeof assignmentSchema>
export const assignmentListQuery = listQuery

/** What became of each row of an assignment by hand. */
export const assignResultSchema = z.object({
  id: z.uuid(),
  outcome: z.enum(['assigned', 'queued', 'refused']),
  /** Of a refusal: an error code. */
  code: z.string().nullable(),
  assignee: person.nullable(),
})
export type AssignResult = z.infer<typeof assignResultSchema>

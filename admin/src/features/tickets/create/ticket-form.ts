import type { Priority } from '#api/contract/priority.ts'
import type { FormValues, TicketType } from '#api/contract/ticket-type.ts'
import type { TicketDraft, TicketTemplate } from '#api/contract/ticket.ts'
import type { DraftContent } from '../../../api/tickets.ts'
import { MAX_LINES } from '../../../shared/checklist-lines.ts'
import { filledValues, problemsOf, type FieldProblem } from '../parts/form-values.ts'

/** What is typed for a new ticket. `priority` and `teamId` empty: the type's. */
export interface TicketForm {
  title: string
  description: string
  typeId: string
  priority: Priority | null
  fields: FormValues
  tags: string[]
  teamId: string | null
  assigneeId: string | null
  customerId: string | null
  watcherIds: string[]
  checklist: string[]
  seqs: number[]
}
export const emptyForm = (): TicketForm => ({
  title: '',
  description: '',
  typeId: '',
  priority: null,
  fields: {},
  tags: [],
  teamId: null,
  assigneeId: null,
  customerId: null,
  watcherIds: [],
  checklist: [],
  seqs: [],
})

/** Nothing that would be missed. What came with the conversation was not typed. */
export const isBlank = ({ title, description, fields, tags }: TicketForm): boolean =>
  title.trim() === '' && description.trim() === '' && tags.length === 0 && Object.keys(fields).length === 0

export const formOfDraft = ({ content }: TicketDraft): TicketForm => ({ ...emptyForm(), ...content, typeId: content.typeId ?? '' })
export const draftOf = (form: TicketForm): DraftContent => ({ ...form, typeId: form.typeId === '' ? null : form.typeId })

/** A template fills in what it says; a title or text that was typed already stays. */
export const withTemplate = (form: TicketForm, { type, content }: TicketTemplate): TicketForm => ({
  ...form,
  typeId: type.id,
  title: form.title.trim() === '' ? content.title : form.title,
  description: form.description.trim() === '' ? content.description : form.description,
  priority: content.priority ?? form.priority,
  fields: { ...form.fields, ...content.fields },
  tags: [...new Set([...form.tags, ...content.tags])],
  teamId: content.teamId ?? form.teamId,
  checklist: [...new Set([...form.checklist, ...content.checklist])].slice(0, MAX_LINES),
})

export interface FormProblems {
  title: boolean
  type: boolean
  fields: Record<string, FieldProblem>
}
export const problemsOfForm = (form: TicketForm, type: TicketType | undefined): FormProblems => ({
  title: form.title.trim() === '',
  type: form.typeId === '',
  fields: type === undefined ? {} : problemsOf(type.fields, form.fields, 'new'),
})
export const isFine = ({ title, type, fields }: FormProblems): boolean => !title && !type && Object.keys(fields).length === 0

export const bodyOf = (form: TicketForm, type: TicketType | undefined) => ({
  title: form.title.trim(),
  description: form.description.trim(),
  typeId: form.typeId,
  ...(form.priority === null ? {} : { priority: form.priority }),
  fields: type === undefined ? {} : filledValues(type.fields, form.fields),
  tags: form.tags,
  ...(form.teamId === null ? {} : { teamId: form.teamId }),
  assigneeId: form.assigneeId,
  watcherIds: form.watcherIds,
  checklist: form.checklist,
})

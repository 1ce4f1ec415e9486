/** What is still to be said before a conversation may end. Pure. */
import type { WrapField, WrapUp } from '#api/contract/ending.ts'

export interface WrapUpForm {
  categoryId: string | null
  result: WrapUp['result']
  tagIds: string[]
  summary: string
}

const FILLED: Record<WrapField, (form: WrapUpForm) => boolean> = {
  category: ({ categoryId }) => categoryId !== null,
  result: ({ result }) => result !== null,
  tags: ({ tagIds }) => tagIds.length > 0,
  summary: ({ summary }) => summary.trim() !== '',
}

export const missingFields = (form: WrapUpForm, required: readonly WrapField[]): WrapField[] =>
  required.filter((field) => !FILLED[field](form))

import type { CustomerRow } from './model.ts'

/** Shown name of a customer: what staff call him, else what the channel says. */
export const SHOWN_NAME = 'coalesce(c.remark_name, c.name)'

export const shownName = (row: Pick<CustomerRow, 'name' | 'remark_name'>): string | null => row.remark_name ?? row.name

/** A name as it is stored: null for nothing but space. */
export const tidy = (text: string | null): string | null => {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}

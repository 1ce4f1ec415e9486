/** One row of a file: what it says, and everything that is wrong with it. Pure. */
import type { CustomerStatus } from '../../contract/customer-terms.ts'
import type { FieldValues } from '../../contract/dictionary.ts'
import type { ImportError, ImportFault } from '../../contract/import.ts'
import type { ImportColumn } from '../../contract/customer-terms.ts'
import { MAX_TAGS_PER_CUSTOMER } from '../../contract/tag.ts'
import { readPhone } from '../../core/phone.ts'
import { fieldFault } from '../settings/index.ts'
import type { CustomField } from './columns.ts'
import type { ImportOptions } from './model.ts'
import { STATUS_WORDS, YES_NO } from './words.ts'

export interface Lookups {
  levels: Names
  regions: Names
  owners: Names
  tags: Names
  custom: readonly CustomField[]
  options: ImportOptions
}
/** Ids by what people call them, in lower case; several ids where a name is no use. */
export type Names = ReadonlyMap<string, readonly string[]>

/** As understood. Names that will become entries when the import is applied stay names. */
export interface Entry {
  name: string
  phone: string | null
  remarkName: string | null
  title: string | null
  note: string | null
  status: CustomerStatus | null
  institution: string | null
  ownerId: string | null
  levelId: string | null
  regionId: string | null
  tags: string[]
  fields: FieldValues
}
export type Cells = Record<string, string>

const MAX_LENGTH = { name: 120, remarkName: 60, title: 60, note: 2000, institution: 120 } as const
const MAX_TAG = 30

export function checkRow(cells: Cells, lookups: Lookups): { entry: Entry; errors: ImportError[] } {
  const errors: ImportError[] = []
  const fail = (column: string, fault: ImportFault, params: ImportError['params'] = {}) => {
    errors.push({ column, fault, params })
    return null
  }
  const text = (column: keyof typeof MAX_LENGTH): string | null => {
    const value = cells[column] ?? ''
    if (value === '') return null
    if (!isSafe(value)) return fail(column, 'malformed')
    return [...value].length > MAX_LENGTH[column] ? fail(column, 'too_long', { max: MAX_LENGTH[column] }) : value
  }
  const named = (column: ImportColumn, names: Names): string | null => {
    const value = cells[column] ?? ''
    if (value === '') return null
    const [id, second] = names.get(value.toLowerCase()) ?? []
    if (id === undefined) return fail(column, 'unknown', { value: value.slice(0, 60) })
    return second === undefined ? id : fail(column, 'ambiguous', { value: value.slice(0, 60) })
  }
  if ((cells.name ?? '') === '') fail('name', 'required')
  const entry: Entry = {
    name: text('name') ?? '',
    phone: phoneOf(cells.phone ?? '', fail),
    remarkName: text('remarkName'),
    title: text('title'),
    note: text('note'),
    status: statusOf(cells.status ?? '', fail),
    institution: text('institution'),
    ownerId: named('owner', lookups.owners),
    levelId: named('level', lookups.levels),
    regionId: named('region', lookups.regions),
    tags: tagsOf(cells.tags ?? '', lookups, fail),
    fields: fieldsOf(cells, lookups.custom, fail),
  }
  return { entry, errors }
}

type Fail = (column: string, fault: ImportFault, params?: ImportError['params']) => null

const isSafe = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

const phoneOf = (text: string, fail: Fail): string | null => (text === '' ? null : (readPhone(text) ?? fail('phone', 'phone_invalid')))

function statusOf(text: string, fail: Fail): CustomerStatus | null {
  if (text === '') return null
  const word = text.toLowerCase()
  for (const status of ['formal', 'temporary'] as const)
    if ([status, ...Object.values(STATUS_WORDS[status])].some((known) => known.toLowerCase() === word)) return status
  return fail('status', 'unknown', { value: text.slice(0, 60) })
}

function tagsOf(text: string, { tags, options }: Lookups, fail: Fail): string[] {
  const names = [...new Set(text.split(/[,，;；、|\n]/).map((name) => name.trim()))].filter((name) => name !== '')
  if (names.length > MAX_TAGS_PER_CUSTOMER) fail('tags', 'too_many_tags', { max: MAX_TAGS_PER_CUSTOMER })
  for (const name of names) {
    if (!isSafe(name)) fail('tags', 'malformed')
    else if ([...name].length > MAX_TAG) fail('tags', 'too_long', { max: MAX_TAG })
    else if (!options.createTags && !tags.has(name.toLowerCase())) fail('tags', 'unknown', { value: name })
  }
  return names
}

function fieldsOf(cells: Cells, custom: readonly CustomField[], fail: Fail): FieldValues {
  const values: FieldValues = {}
  for (const { key, code, options } of custom) {
    const cell = cells[key] ?? ''
    const value = cell === '' ? null : readField(cell, options)
    const fault = fieldFault(options, value)
    if (fault !== null) fail(key, fault === 'required' ? 'required' : 'field_invalid')
    else if (typeof value === 'string' && value.length > 500) fail(key, 'too_long', { max: 500 })
    else if (value !== null) values[code] = value
  }
  return values
}

/** As people write it; what cannot be read stays as it is, and is found out by its field. */
function readField(cell: string, { type, choices }: CustomField['options']): FieldValues[string] {
  const word = cell.toLowerCase()
  switch (type) {
    case 'text':
    case 'date':
      return type === 'text' ? cell : dayOf(cell)
    case 'number':
      return /^-?[\d,]*\.?\d+$/.test(cell) ? Number(cell.replaceAll(',', '')) : cell
    case 'select':
      return (
        choices.find(({ value, labelZh, labelEn }) => [value, labelZh, labelEn].some((known) => known.toLowerCase() === word))?.value ??
        cell
      )
    case 'boolean':
      if (['true', '1', 'y', ...Object.values(YES_NO.yes).map((yes) => yes.toLowerCase())].includes(word)) return true
      return ['false', '0', 'n', ...Object.values(YES_NO.no).map((no) => no.toLowerCase())].includes(word) ? false : cell
  }
}

/** 2026/1/2, 2026.1.2, 2026年1月2日, 2026-01-02 00:00 → 2026-01-02. */
function dayOf(cell: string): string {
  const [, year, month, day] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s+00:00(?::00)?)?$/.exec(cell) ?? []
  return year && month && day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : cell
}

import type { FieldValues } from '#api/contract/dictionary.ts'
import type { Customer, CustomerPatch } from '#api/contract/customer.ts'
import { valuesToSend, type CustomField } from '../fields/field-values.ts'
import { changesBetween } from '../fields/form-changes.ts'

/** What can be typed about a customer; empty text is "nothing". */
export interface ProfileForm {
  name: string
  remarkName: string
  title: string
  institutionId: string | null
  ownerId: string | null
  levelId: string | null
  regionId: string | null
  note: string
  fields: FieldValues
}

export const emptyProfile = (): ProfileForm => ({
  name: '',
  remarkName: '',
  title: '',
  institutionId: null,
  ownerId: null,
  levelId: null,
  regionId: null,
  note: '',
  fields: {},
})

export const profileOf = (customer: Customer): ProfileForm => ({
  name: customer.name ?? '',
  remarkName: customer.remarkName ?? '',
  title: customer.title ?? '',
  institutionId: customer.institution?.id ?? null,
  ownerId: customer.owner?.id ?? null,
  levelId: customer.levelId,
  regionId: customer.regionId,
  note: customer.note ?? '',
  fields: { ...customer.fields },
})

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Everything as it would be stored. */
export const profileBody = (form: ProfileForm, fields: readonly CustomField[]) => ({
  name: textOrNull(form.name),
  remarkName: textOrNull(form.remarkName),
  title: textOrNull(form.title),
  institutionId: form.institutionId,
  ownerId: form.ownerId,
  levelId: form.levelId,
  regionId: form.regionId,
  note: textOrNull(form.note),
  fields: valuesToSend(fields, form.fields),
})

/** Null: nothing to save. */
export const profilePatch = (customer: Customer, form: ProfileForm, fields: readonly CustomField[]): CustomerPatch | null => {
  const changed = changesBetween(profileBody(profileOf(customer), fields), profileBody(form, fields))
  return changed === null ? null : { ...changed, version: customer.version }
}

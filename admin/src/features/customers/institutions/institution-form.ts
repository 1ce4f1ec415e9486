import type { FieldValues } from '#api/contract/dictionary.ts'
import type { Institution, InstitutionPatch } from '#api/contract/institution.ts'
import { valuesToSend, type CustomField } from '../fields/field-values.ts'
import { changesBetween } from '../fields/form-changes.ts'

export interface InstitutionForm {
  name: string
  typeId: string | null
  regionId: string | null
  parentId: string | null
  address: string
  note: string
  fields: FieldValues
}

export const institutionForm = (institution: Institution | null): InstitutionForm => ({
  name: institution?.name ?? '',
  typeId: institution?.typeId ?? null,
  regionId: institution?.regionId ?? null,
  parentId: institution?.parent?.id ?? null,
  address: institution?.address ?? '',
  note: institution?.note ?? '',
  fields: { ...institution?.fields },
})

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
export const institutionBody = (form: InstitutionForm, fields: readonly CustomField[]) => ({
  name: form.name.trim(),
  typeId: form.typeId,
  regionId: form.regionId,
  parentId: form.parentId,
  address: textOrNull(form.address),
  note: textOrNull(form.note),
  fields: valuesToSend(fields, form.fields),
})

/** Null: nothing to save. */
export const institutionPatch = (
  institution: Institution,
  form: InstitutionForm,
  fields: readonly CustomField[],
): InstitutionPatch | null => {
  const changed = changesBetween(institutionBody(institutionForm(institution), fields), institutionBody(form, fields))
  return changed === null ? null : { ...changed, version: institution.version }
}

import { labelIn } from '../../../shared/label-in.ts'

const CUSTOM = 'fields.'

/** What a field of a merge is called: custom ones by the dictionary, and by their code once that entry is gone. */
export const fieldTitle = (
  field: string,
  custom: readonly { code: string; labelZh: string; labelEn: string }[],
  { locale, own }: { locale: string; own: (field: string) => string },
): string => {
  if (!field.startsWith(CUSTOM)) return own(field)
  const code = field.slice(CUSTOM.length)
  const entry = custom.find((one) => one.code === code)
  return entry === undefined ? code : labelIn(entry, locale)
}

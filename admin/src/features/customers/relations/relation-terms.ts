import type { RelationRank } from '#api/contract/relation.ts'

/** What is agreed with a team; days are `yyyy-mm-dd`, both ends included, empty: not set. */
export interface RelationTerms {
  teamId: string
  rank: RelationRank
  businessTypeIds: string[]
  validFrom: string
  validUntil: string
  remindDays: number | null
  note: string
}
export const emptyTerms = (): RelationTerms => ({
  teamId: '',
  rank: 'primary',
  businessTypeIds: [],
  validFrom: '',
  validUntil: '',
  remindDays: 30,
  note: '',
})

export type TermsProblem = 'team' | 'dates'
export const termsProblem = (terms: RelationTerms): TermsProblem | null => {
  if (terms.teamId === '') return 'team'
  return terms.validFrom !== '' && terms.validUntil !== '' && terms.validUntil < terms.validFrom ? 'dates' : null
}
export const termsBody = (terms: RelationTerms) => ({
  teamId: terms.teamId,
  rank: terms.rank,
  businessTypeIds: terms.businessTypeIds,
  ...(terms.validFrom === '' ? {} : { validFrom: terms.validFrom }),
  validUntil: terms.validUntil === '' ? null : terms.validUntil,
  remindDays: terms.validUntil === '' ? null : terms.remindDays,
  note: terms.note.trim(),
})

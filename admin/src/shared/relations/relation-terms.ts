import type { Relation, RelationRank } from '#api/contract/relation.ts'

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

export const emptyTerms = (teamId = ''): RelationTerms => ({
  teamId,
  rank: 'primary',
  businessTypeIds: [],
  validFrom: '',
  validUntil: '',
  remindDays: 30,
  note: '',
})
export const termsOf = (relation: Relation): RelationTerms => ({
  teamId: relation.team.id,
  rank: relation.rank,
  businessTypeIds: relation.businessTypes.map(({ id }) => id),
  validFrom: relation.validFrom,
  validUntil: relation.validUntil ?? '',
  remindDays: relation.remindDays,
  note: relation.note,
})

export type TermsProblem = 'team' | 'dates'
export const termsProblem = ({ teamId, validFrom, validUntil }: RelationTerms): TermsProblem | null => {
  if (teamId === '') return 'team'
  return validFrom !== '' && validUntil !== '' && validUntil < validFrom ? 'dates' : null
}

/** As the server wants it; without a first day it begins today. */
export const termsBody = (terms: RelationTerms) => ({
  teamId: terms.teamId,
  rank: terms.rank,
  businessTypeIds: terms.businessTypeIds,
  ...(terms.validFrom === '' ? {} : { validFrom: terms.validFrom }),
  validUntil: terms.validUntil === '' ? null : terms.validUntil,
  remindDays: terms.validUntil === '' ? null : terms.remindDays,
  note: terms.note.trim(),
})

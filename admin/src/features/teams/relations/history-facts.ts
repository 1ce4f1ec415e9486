import type { RelationChange } from '#api/contract/relation.ts'

const FACTS = ['teamId', 'rank', 'businessTypeIds', 'validFrom', 'validUntil', 'remindDays', 'note', 'endReason'] as const
export type Fact = (typeof FACTS)[number]
export interface FactChange {
  fact: Fact
  before: unknown
  after: unknown
}

const nothing = (value: unknown): boolean => value === null || value === undefined || value === ''

/** What differs, in the order a reader expects; what was empty before and after is left out. */
export const factChanges = ({ before, after }: Pick<RelationChange, 'before' | 'after'>): FactChange[] =>
  FACTS.flatMap((fact) => {
    const [old, now] = [before?.[fact], after?.[fact]]
    return nothing(old) && nothing(now) ? [] : [{ fact, before: old, after: now }]
  })

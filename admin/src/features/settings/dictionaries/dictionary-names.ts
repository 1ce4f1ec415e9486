import type { Dictionary } from '#api/contract/dictionary.ts'

/** In the order of the menu. Complete: the compiler misses one that is not here. */
const ORDER: Record<Dictionary, number> = {
  business_type: 1,
  issue_type: 2,
  priority: 3,
  customer_level: 4,
  institution_type: 5,
  region: 6,
  job_title: 7,
  skill: 8,
  language: 9,
  customer_field: 10,
  institution_field: 11,
  rating_reason: 12,
}
const isName = (name: string): name is Dictionary => name in ORDER
export const dictionaryNames: [Dictionary, ...Dictionary[]] = [
  'business_type',
  ...Object.keys(ORDER)
    .filter(isName)
    .filter((name) => name !== 'business_type')
    .toSorted((a, b) => ORDER[a] - ORDER[b]),
]

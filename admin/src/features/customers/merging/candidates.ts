import type { CustomerSummary } from '#api/contract/customer.ts'
import type { MergeReason, MergeSuggestion } from '#api/contract/merge.ts'
import type { ArchivingProposal } from '#api/contract/registration.ts'

/** Somebody who may be the same person. */
export interface Candidate {
  id: string
  name: string | null
  avatarUrl: string | null
  tail: string
  institution: { id: string; name: string } | null
  phone: string | null
  channelKinds: string[]
  lastContactAt: string | null
  reasons: MergeReason[]
}

const ofSuggestion = (suggestion: MergeSuggestion, id: string): Candidate[] => {
  const other = suggestion.customers.find((one) => one.id !== id)
  return other === undefined ? [] : [{ ...other, reasons: suggestion.reasons }]
}
export const ofSummary = (row: CustomerSummary, reasons: MergeReason[] = []): Candidate => ({
  id: row.id,
  name: row.remarkName ?? row.name,
  avatarUrl: row.avatarUrl,
  tail: row.tail,
  institution: row.institution,
  phone: row.phone,
  channelKinds: row.channelKinds,
  lastContactAt: row.lastContactAt,
  reasons,
})

const REASON_OF = { phone: 'same_phone', unionid: 'unionid', name_and_institution: 'same_name' } as const
const ofProposal = ({ id, name, institution, reasons }: ArchivingProposal['duplicates'][number]): Candidate => ({
  id,
  name,
  avatarUrl: null,
  tail: id.slice(-4),
  institution: institution === null ? null : { id: '', name: institution },
  phone: null,
  channelKinds: [],
  lastContactAt: null,
  reasons: reasons.map((reason) => REASON_OF[reason]),
})

/** What the system suspects at any time first, then what it finds now; everybody once, and never the customer himself. */
export const candidatesFor = (
  customer: { id: string },
  suggestions: readonly MergeSuggestion[],
  duplicates: ArchivingProposal['duplicates'] = [],
): Candidate[] => {
  const suggested = suggestions.flatMap((suggestion) => ofSuggestion(suggestion, customer.id))
  const seen = new Set([customer.id])
  return [...suggested, ...duplicates.map(ofProposal)].filter(({ id }) => {
    const first = !seen.has(id)
    seen.add(id)
    return first
  })
}

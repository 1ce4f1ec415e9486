import type { Conversation } from '#api/contract/conversation.ts'

export interface RowMark {
  /** Words of the screen; `text` where the mark is a name. */
  key: string
  text?: string
  tone: 'plain' | 'warn' | 'bad' | 'accent'
}

/** Who goes before others: a VIP always, points while they count. */
const precedence = ({ customer, status, priority }: Conversation): RowMark[] => {
  if (customer.vip) return [{ key: 'listing.vip', tone: 'warn' }]
  return status === 'queued' && priority > 0 ? [{ key: 'listing.priority', tone: 'accent' }] : []
}

/** What is out of the ordinary about a row, most important first, two at most. Pure. */
export const rowMarks = (conversation: Conversation, meId: string): RowMark[] => {
  const { transfer, customer, helpers, assignee, status, acceptedAt, acceptBy, waitingFor, team } = conversation
  const marks: RowMark[] = []
  if (transfer !== null) marks.push({ key: 'listing.offered', tone: 'accent' })
  if (customer.blocked) marks.push({ key: 'listing.blocked', tone: 'bad' })
  if (helpers.some(({ id }) => id === meId)) marks.push({ key: 'listing.helping', tone: 'accent' })
  // With a time by which to accept, a clock says it instead of these words.
  if (status === 'open' && assignee?.id === meId && acceptedAt === null && acceptBy === null)
    marks.push({ key: 'listing.notAccepted', tone: 'warn' })
  marks.push(...precedence(conversation))
  if (status === 'queued' && waitingFor !== null) marks.push({ key: `listing.waitingFor.${waitingFor}`, tone: 'plain' })
  if (status === 'queued' && team !== null) marks.push({ key: `team:${team.id}`, text: team.name, tone: 'plain' })
  return marks.slice(0, 2)
}

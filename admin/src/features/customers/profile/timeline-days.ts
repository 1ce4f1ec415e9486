import type { TimelineEntry } from '#api/contract/customer.ts'

export const TIMELINE_KINDS = ['all', 'conversation', 'ticket', 'rating', 'note'] as const

export interface TimelineDay {
  day: string
  entries: TimelineEntry[]
}

/** Entries in the order they came, under the words of their day. */
export const byDay = (entries: readonly TimelineEntry[], dayOf: (iso: string) => string): TimelineDay[] => {
  const days: TimelineDay[] = []
  for (const entry of entries) {
    const day = dayOf(entry.at)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}

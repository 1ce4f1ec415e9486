/** What the planner has put into a week and not saved yet. */
import type { Roster, RosterChange, Shift, ShiftTemplate } from '#api/contract/team.ts'
import { minutesOf } from '../calendars/periods.ts'
import { wallTime } from './week.ts'

export type PlannedCell = RosterChange['cells'][number]
export type Planned = PlannedCell['shifts'][number]
export type Draft = ReadonlyMap<string, PlannedCell>

export const cellKey = (accountId: string, day: string): string => `${accountId} ${day}`
export const storedIn = (roster: Roster, accountId: string, day: string): Shift[] =>
  roster.shifts.filter((shift) => shift.accountId === accountId && shift.day === day)

const byId = (roster: Roster, id: string | null): ShiftTemplate | undefined => roster.templates.find((template) => template.id === id)

/** A shift planned before its template was changed keeps its own times, so it is named by them. */
export const plannedOf = (roster: Roster, shift: Shift): Planned => {
  const [from, to] = [wallTime(shift.startsAt, roster.timeZone), wallTime(shift.endsAt, roster.timeZone)]
  const template = byId(roster, shift.templateId)
  return template?.from === from && template.to === to ? { templateId: template.id } : { from, to }
}

const stored = (roster: Roster, accountId: string, day: string): Planned[] =>
  storedIn(roster, accountId, day).map((shift) => plannedOf(roster, shift))

/** A cell as it would be saved. */
export const cellIn = (roster: Roster, draft: Draft, accountId: string, day: string): Planned[] =>
  draft.get(cellKey(accountId, day))?.shifts ?? stored(roster, accountId, day)

const keyOf = (shift: Planned): string => ('templateId' in shift ? shift.templateId : `${shift.from}-${shift.to}`)
const sameCell = (a: readonly Planned[], b: readonly Planned[]): boolean =>
  a.map(keyOf).toSorted().join() === b.map(keyOf).toSorted().join()

/** With a cell changed; one that is again as it was is no change. */
export const withCell = (roster: Roster, draft: Draft, cell: PlannedCell): Draft => {
  const next = new Map(draft)
  const key = cellKey(cell.accountId, cell.day)
  if (sameCell(cell.shifts, stored(roster, cell.accountId, cell.day))) next.delete(key)
  else next.set(key, cell)
  return next
}

/** After the week was fetched again: what is still to be said, to people who are still there. */
export const rebasedDraft = (roster: Roster, draft: Draft): Draft => {
  const here = new Set(roster.members.map(({ id }) => id))
  return [...draft.values()]
    .filter(({ accountId }) => here.has(accountId))
    .reduce<Draft>((next, cell) => withCell(roster, next, cell), new Map())
}

/** Adds a named shift to a cell, or takes it away again. */
export const toggled = (shifts: readonly Planned[], templateId: string): Planned[] => {
  const without = shifts.filter((shift) => !('templateId' in shift) || shift.templateId !== templateId)
  return without.length < shifts.length ? without : [...shifts, { templateId }]
}

export interface ShownShift {
  name: string | null
  from: string
  to: string
  color: string | null
}
export const shownAs = (roster: Roster, shift: Planned): ShownShift => {
  if (!('templateId' in shift)) return { name: null, from: shift.from, to: shift.to, color: null }
  const template = byId(roster, shift.templateId)
  return { name: template?.name ?? null, from: template?.from ?? '', to: template?.to ?? '', color: template?.color ?? null }
}

/** An end at or before the start is on the next day. */
export const lengthOf = ({ from, to }: { from: string; to: string }): number => {
  if (from === '' || to === '') return 0
  const minutes = minutesOf(to) - minutesOf(from)
  return minutes > 0 ? minutes : minutes + 1440
}

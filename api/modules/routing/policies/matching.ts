/** Pure: which policy decides about a piece of work at this moment. */
import type { PolicyConditions, PolicySettings, StrategyCode, WorkKind } from '../../../contract/routing.ts'

export interface LoadedPolicy {
  id: string
  name: string
  workKind: WorkKind
  teamId: string | null
  strategy: StrategyCode
  settings: PolicySettings
  conditions: PolicyConditions
  otherwise: 'next' | 'wait'
  enabled: boolean
  effectiveFrom: Date | null
  effectiveUntil: Date | null
  /** Of its calendar, where it asks for one. */
  calendarOpen: boolean | null
}

/** What conditions ask of the work. */
export interface Facts {
  channelKind: string | null
  channelAccountId: string | null
  tagIds: readonly string[]
  businessTypeId: string | null
  /** Of a ticket; conversations have neither. */
  ticketTypeId?: string | null
  priority?: string | null
}

export interface Moment {
  now: Date
  /** 1 Monday … 7 Sunday, and minutes since midnight, by the company's wall clock. */
  weekday: number
  minute: number
}

export type Skipped = 'off' | 'not_in_effect' | 'other_team' | 'conditions'

/** Null: it applies. */
export function whyNot(policy: LoadedPolicy, work: { teamId: string | null; facts: Facts }, moment: Moment): Skipped | null {
  if (!policy.enabled) return 'off'
  if (!inEffect(policy, moment.now)) return 'not_in_effect'
  if (policy.teamId !== null && policy.teamId !== work.teamId) return 'other_team'
  return fits(policy.conditions, work.facts) && isTime(policy, moment) ? null : 'conditions'
}

export const inEffect = ({ effectiveFrom, effectiveUntil }: Pick<LoadedPolicy, 'effectiveFrom' | 'effectiveUntil'>, now: Date): boolean =>
  (effectiveFrom === null || effectiveFrom <= now) && (effectiveUntil === null || now < effectiveUntil)

function fits(conditions: PolicyConditions, facts: Facts): boolean {
  return (
    named(conditions.channelKinds, facts.channelKind) &&
    named(conditions.channelAccountIds, facts.channelAccountId) &&
    named(conditions.businessTypeIds, facts.businessTypeId) &&
    named(conditions.ticketTypeIds, facts.ticketTypeId) &&
    named(conditions.priorities, facts.priority) &&
    (conditions.tagIds.length === 0 || conditions.tagIds.some((id) => facts.tagIds.includes(id)))
  )
}

const named = (wanted: readonly string[], value: string | null | undefined): boolean =>
  wanted.length === 0 || (typeof value === 'string' && wanted.includes(value))

function isTime({ conditions, calendarOpen }: LoadedPolicy, { weekday, minute }: Moment): boolean {
  const { from, to, weekdays, calendar } = conditions
  if (calendar !== null && calendarOpen !== (calendar.state === 'open')) return false
  const begin = from === null ? 0 : minuteOf(from)
  const end = to === null ? 1440 : minuteOf(to)
  // Past midnight: the hours after it belong to the day on which it began.
  const overnight = end <= begin
  const inside = overnight ? minute >= begin || minute < end : minute >= begin && minute < end
  const day = overnight && minute < end ? ((weekday + 5) % 7) + 1 : weekday
  return inside && (weekdays.length === 0 || weekdays.includes(day))
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

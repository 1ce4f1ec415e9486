import type { Overflow, QueueRule } from '#api/contract/routing.ts'
import type { QueueRuleBody } from '../../../api/routing.ts'

export const OVERFLOW_CODES: readonly Overflow[] = ['none', 'team', 'form', 'bot']
export const TEXT_KEYS = ['queued', 'moved', 'overflow'] as const
export type QueueForm = Omit<Required<QueueRuleBody>, 'texts'> & { texts: Record<(typeof TEXT_KEYS)[number], string | null> }

const fresh = (): QueueForm => ({
  teamId: null,
  maxWaiting: null,
  maxWaitSeconds: null,
  overflow: 'none',
  overflowTeamId: null,
  vipTagIds: [],
  vipPoints: 60,
  returningMinutes: 30,
  returningPoints: 20,
  pointsPerMinute: 2,
  acceptSeconds: null,
  texts: { queued: null, moved: null, overflow: null },
  version: 0,
})

/** A plain copy of a rule, or what a team begins with. */
export const queueForm = (rule: QueueRule | null): QueueForm => {
  if (rule === null) return fresh()
  const { team, overflowTeam: _overflowTeam, id: _id, waiting: _waiting, canChange: _canChange, updatedAt: _updatedAt, ...facts } = rule
  return { ...facts, teamId: team?.id ?? null, vipTagIds: [...facts.vipTagIds], texts: { ...facts.texts } }
}

/** An overflow team only where overflow leads to a team. */
export const queueBody = (form: QueueForm): QueueRuleBody => ({
  ...form,
  overflowTeamId: form.overflow === 'team' ? form.overflowTeamId : null,
})

/** How long a head start so many points are. */
export const headStartMinutes = (points: number, perMinute: number): number => Math.round(points / perMinute)

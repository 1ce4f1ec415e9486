import type { Policy, PolicyConditions, PolicySettings, StrategyCode, WorkKind } from '#api/contract/routing.ts'
import type { PolicyBody } from '../../../api/routing.ts'

export const STRATEGY_CODES: readonly StrategyCode[] = [
  'round_robin',
  'least_open',
  'skill_match',
  'weighted',
  'familiar_first',
  'directed',
]
export const WEIGHTS = ['load', 'skill', 'response', 'idle'] as const

export interface PolicyForm {
  name: string
  teamId: string | null
  strategy: StrategyCode
  settings: PolicySettings
  conditions: PolicyConditions
  otherwise: 'next' | 'wait'
  enabled: boolean
  effectiveFrom: Date | null
  effectiveUntil: Date | null
}

const NO_CONDITIONS: PolicyConditions = {
  channelKinds: [],
  channelAccountIds: [],
  tagIds: [],
  businessTypeIds: [],
  ticketTypeIds: [],
  priorities: [],
  weekdays: [],
  from: null,
  to: null,
  calendar: null,
}
const PLAIN_SETTINGS: PolicySettings = {
  skills: [],
  weights: { load: 50, skill: 20, response: 15, idle: 15 },
  familiarDays: 90,
  accountIds: [],
}

/** Plain copies: what is edited must not change what is shown behind it. */
export const policyForm = (policy: Policy | null): PolicyForm => {
  if (policy === null) {
    return {
      name: '',
      teamId: null,
      strategy: 'least_open',
      settings: structuredClone(PLAIN_SETTINGS),
      conditions: structuredClone(NO_CONDITIONS),
      otherwise: 'next',
      enabled: true,
      effectiveFrom: null,
      effectiveUntil: null,
    }
  }
  const { name, team, strategy, settings, conditions, otherwise, enabled, effectiveFrom, effectiveUntil } = policy
  return {
    name,
    teamId: team?.id ?? null,
    strategy,
    settings: structuredClone(settings),
    conditions: structuredClone(conditions),
    otherwise,
    enabled,
    effectiveFrom: effectiveFrom === null ? null : new Date(effectiveFrom),
    effectiveUntil: effectiveUntil === null ? null : new Date(effectiveUntil),
  }
}

export const policyBody = (form: PolicyForm, workKind: WorkKind): PolicyBody => ({
  workKind,
  name: form.name.trim(),
  teamId: form.teamId,
  strategy: form.strategy,
  settings: { ...form.settings, skills: form.settings.skills.filter(({ skillId }) => skillId !== '') },
  conditions: form.conditions,
  otherwise: form.otherwise,
  enabled: form.enabled,
  effectiveFrom: form.effectiveFrom?.toISOString() ?? null,
  effectiveUntil: form.effectiveUntil?.toISOString() ?? null,
})

/** The order with one of them put before another. */
export const movedBefore = (ids: readonly string[], moved: string, before: string): string[] => {
  const rest = ids.filter((id) => id !== moved)
  const at = rest.indexOf(before)
  const target = ids.indexOf(moved) < ids.indexOf(before) ? at + 1 : at
  return at < 0 ? [...ids] : [...rest.slice(0, target), moved, ...rest.slice(target)]
}

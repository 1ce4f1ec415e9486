import type { SlaPolicy, SlaStep, SlaTargets } from '#api/contract/sla.ts'
import type { Priority } from '#api/contract/priority.ts'
import type { SlaPolicyBody } from '../../../api/sla.ts'

export const PRIORITY_CODES: readonly Priority[] = ['urgent', 'high', 'normal', 'low']
export const CLOCK_CODES = ['first_response', 'next_response', 'resolution'] as const satisfies readonly (keyof SlaTargets)[]
export const PAUSE_CODES: readonly SlaPolicy['pauses'][number][] = ['waiting_customer', 'on_hold', 'awaiting_confirmation']
export const RUNG_CODES: readonly SlaStep['to'][number][] = ['assignee', 'leader', 'supervisors']
export const SOURCE_CODES: readonly SlaPolicy['calendar']['source'][] = ['team', 'own', 'always']
export const CHANNEL_CODES = ['wechat-official', 'wecom', 'wecom-kf', 'wechaty', 'web'] as const

const targets = (first_response: number, next_response: number, resolution: number): SlaTargets => ({
  first_response,
  next_response,
  resolution,
})

/** Plain copies: what is edited must not change what is shown behind it. */
export const slaForm = (policy: SlaPolicy | null): SlaPolicyBody => {
  if (policy === null)
    return {
      name: '',
      conditions: { typeIds: [], tagIds: [], teamIds: [], channelKinds: [] },
      targets: { urgent: targets(15, 30, 240), high: targets(30, 60, 480), normal: targets(120, 240, 1440), low: targets(240, 480, 2880) },
      calendar: { source: 'team', calendarId: null },
      pauses: [...PAUSE_CODES],
      steps: [
        { percent: 75, to: ['assignee'], escalateTo: null },
        { percent: 100, to: ['assignee', 'leader'], escalateTo: null },
      ],
      enabled: true,
    }
  const { name, conditions, targets: promised, calendar, pauses, steps, enabled } = policy
  return structuredClone({ name, conditions, targets: promised, calendar, pauses, steps, enabled })
}

export type FormFault = 'name' | 'targets' | 'calendar' | 'steps'

/** What must be mended before it can be saved, in the order of the form. */
export const faultOf = (form: SlaPolicyBody): FormFault | null => {
  if (form.name.trim() === '') return 'name'
  if (!PRIORITY_CODES.some((priority) => CLOCK_CODES.some((clock) => form.targets[priority][clock] !== null))) return 'targets'
  if (form.calendar.source === 'own' && form.calendar.calendarId === null) return 'calendar'
  const rising = form.steps.every((step, index) => index === 0 || (form.steps[index - 1]?.percent ?? 0) < step.percent)
  return rising && form.steps.every(({ to }) => to.length > 0) ? null : 'steps'
}

/** A further step after the last, and no higher than the server takes. */
export const nextStep = (steps: readonly SlaStep[]): SlaStep => ({
  percent: Math.min(1000, (steps.at(-1)?.percent ?? 50) + 25),
  to: ['supervisors'],
  escalateTo: null,
})

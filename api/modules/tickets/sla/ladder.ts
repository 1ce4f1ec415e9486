/** Rungs of the ladder that were reached: who is told, and who takes over (BP-006.3, BP-006.8). */
import type { NotificationKind } from '../../../contract/notification.ts'
import type { SlaStep } from '../../../contract/sla.ts'
import type { Ctx } from '../../../core/context.ts'
import { notify } from '../../notifications/index.ts'
import { escalateSoon } from '../escalation/escalate-soon.ts'
import type { LoadedPolicy } from './choose-policy.ts'
import { BREACH, type ClockState } from './clock.ts'
import { type Concerned, concernedBy, houseSupervisors, peopleOn } from './people.ts'
import type { Reckoned } from './reckon.ts'

interface Reached {
  clock: ClockState
  percent: number
  step: SlaStep | null
}

const kindOf = (percent: number): NotificationKind =>
  percent < BREACH ? 'ticket.sla_warning' : percent === BREACH ? 'ticket.sla_breached' : 'ticket.sla_overdue'

export async function climb(ctx: Ctx, reached: Reckoned['reached'], policies: readonly LoadedPolicy[]): Promise<void> {
  if (reached.length === 0) return
  const stepOf = (clock: ClockState, percent: number) =>
    policies.find(({ id }) => id === clock.policyId)?.steps.find((step) => step.percent === percent) ?? null
  const rungs = reached.map(({ clock, percent }): Reached => ({ clock, percent, step: stepOf(clock, percent) }))
  for (const { clock, percent } of rungs)
    if (percent === BREACH) ctx.emit({ name: 'ticket.sla_breached', subjectId: clock.ticketId, payload: { clock: clock.clock } })
  const tickets = new Map((await concernedBy(ctx, [...new Set(rungs.map(({ clock }) => clock.ticketId))])).map((row) => [row.id, row]))
  await tell(ctx, rungs, tickets)
  for (const { clock, percent, step } of rungs) {
    if (step === null || step.escalateTo === null) continue
    escalateSoon(ctx, clock.ticketId, { level: step.escalateTo, rule: { code: 'sla', params: { clock: clock.clock, percent } } })
  }
}

/** After an outage several rungs are reached at once: each person hears of the highest that is his. */
async function tell(ctx: Ctx, rungs: readonly Reached[], tickets: ReadonlyMap<string, Concerned>): Promise<void> {
  const house = await houseSupervisors(ctx)
  const told = new Set<string>()
  for (const { clock, percent, step } of rungs.toSorted((a, b) => b.percent - a.percent)) {
    const ticket = tickets.get(clock.ticketId)
    if (step === null || !ticket) continue
    const to = peopleOn(step, ticket, house).filter((id) => !told.has(`${clock.id}:${id}`))
    for (const id of to) told.add(`${clock.id}:${id}`)
    if (to.length === 0) continue
    await notify(ctx, {
      to,
      kind: kindOf(percent),
      params: { number: ticket.number, title: ticket.title, clock: clock.clock, percent, minutes: Math.round(clock.targetSeconds / 60) },
      link: `/tickets/${ticket.id}`,
      // Once in each promise, whatever process finds it so and however often.
      key: `ticket.sla:${clock.id}:${clock.revision}:${percent}`,
    })
  }
}

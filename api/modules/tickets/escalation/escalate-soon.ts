import type { ESCALATION_RULES } from '../../../contract/sla.ts'
import type { Ctx } from '../../../core/context.ts'

export interface Rule {
  code: (typeof ESCALATION_RULES)[number]
  params: Record<string, string | number>
}

export const ESCALATION_DUE = 'ticket.escalation_due'

/** For whoever stands in another change of the ticket: it rises after that one, in a transaction of its own. */
export const escalateSoon = (ctx: Ctx, ticketId: string, to: { level: number; rule: Rule }): void =>
  ctx.emit({ name: ESCALATION_DUE, subjectId: ticketId, payload: { ...to } })

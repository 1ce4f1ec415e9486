import type { TicketTarget } from '#api/contract/ticket-assigning.ts'

/** What was chosen so far; what of it counts depends on the kind. */
export interface TargetForm {
  kind: TicketTarget['kind']
  accountId: string | null
  teamId: string | null
}
export const emptyTarget = (): TargetForm => ({ kind: 'agent', accountId: null, teamId: null })

/** Null while nobody is chosen. */
export const targetOf = ({ kind, accountId, teamId }: TargetForm): TicketTarget | null => {
  if (kind === 'agent') return accountId === null ? null : { kind, accountId }
  if (kind === 'team') return teamId === null ? null : { kind, teamId }
  return { kind }
}

/** To whom a ticket may be given. */
import type { TicketTarget } from '../../../contract/ticket-assigning.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { Account } from '../../identity/index.ts'
import { TeamRow } from '../../teams/index.ts'
import { ableStaff } from './able.ts'
import type { Person } from './give.ts'

export type Target = { kind: 'agent'; to: Person } | { kind: 'team'; teamId: string | null; name: string } | { kind: 'policy' }

/**
 * Held until the end, so that nobody is given work in the moment in which he is disabled. Nobody has to be there for a ticket, nor a team open.
 * @throws NotFound; Invalid `staff_not_active` for somebody disabled or without tickets; Conflict `team_disabled`
 */
export async function ticketTargetOf(ctx: Ctx, target: TicketTarget): Promise<Target> {
  if (target.kind === 'policy') return target
  if (target.kind === 'agent') return { kind: 'agent', to: await agentOf(ctx, target.accountId) }
  if (target.teamId === null) return { kind: 'team', teamId: null, name: '' }
  const team = await TeamRow.query(ctx.trx).findById(target.teamId).forShare().select('id', 'name', 'status')
  if (!team) throw new NotFound('team')
  if (team.status === 'disabled') throw new Conflict('team_disabled', 'this team takes no work', { name: team.name })
  return { kind: 'team', teamId: team.id, name: team.name }
}

async function agentOf(ctx: Ctx, accountId: string): Promise<Person> {
  const account = await Account.query(ctx.trx).findOne({ id: accountId, kind: 'staff' }).forShare().select('id')
  if (!account) throw new NotFound('member of staff')
  const person = (await ableStaff(ctx.trx, [accountId])).get(accountId)
  if (!person) throw new Invalid('staff_not_active', 'disabled, or handles no tickets', { accountIds: [accountId] })
  return person
}

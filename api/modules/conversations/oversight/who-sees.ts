/** The policy's `sees` for several people and conversations at once: one query, and only where it is a team's queue that decides. */
import type { Knex } from 'knex'
import { z } from 'zod'
import type { StaffActor } from '../../../core/context.ts'
import { grantsOf } from '../../identity/index.ts'
import type { ConversationRow } from '../model.ts'
import { mayView, takesPart } from '../policy.ts'

export type Power = Pick<StaffActor, 'accountId' | 'permissions'>

const roleRows = z.array(z.object({ id: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) }))

/** Of these accounts, those at work, with what they may do. */
export async function powersOf(trx: Knex, accountIds: readonly string[]): Promise<Power[]> {
  if (accountIds.length === 0) return []
  const rows = await trx('accounts as a')
    .join('roles as r', 'r.id', 'a.role_id')
    .whereIn('a.id', [...accountIds])
    .where('a.status', 'active')
    .select('a.id', 'r.code', 'r.built_in', 'r.permissions')
  return roleRows.parse(rows).map((row) => ({ accountId: row.id, permissions: grantsOf(row) }))
}

/** What is looked at to say who sees a conversation. */
export const SEEN_BY = ['id', 'kind', 'status', 'team_id', 'assignee_id', 'offered_to', 'helpers'] as const
export type Seen = Pick<ConversationRow, (typeof SEEN_BY)[number]>

const memberRows = z.array(z.object({ team_id: z.string(), account_id: z.string() }))

/** @returns for each pair whether that one sees that conversation */
export async function whoSees(trx: Knex, pairs: readonly { power: Power; row: Seen }[]): Promise<boolean[]> {
  const byTeam = ({ power, row }: { power: Power; row: Seen }) =>
    row.status === 'queued' && row.team_id !== null && !takesPart(power.accountId, row) && !power.permissions.has('conversations.read_all')
  const asked = pairs.filter(byTeam)
  const members =
    asked.length === 0
      ? []
      : memberRows.parse(
          await trx('team_members')
            .whereIn('team_id', [...new Set(asked.flatMap(({ row }) => row.team_id ?? []))])
            .whereIn('account_id', [...new Set(asked.map(({ power }) => power.accountId))])
            .select('team_id', 'account_id'),
        )
  const belongs = new Set(members.map((one) => `${one.team_id} ${one.account_id}`))
  return pairs.map((pair) => mayView(pair.power, pair.row) && (!byTeam(pair) || belongs.has(`${pair.row.team_id} ${pair.power.accountId}`)))
}

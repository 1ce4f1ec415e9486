import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import type { StaffActor } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'

const memberRows = z.array(z.object({ account_id: z.string(), team_id: z.string() }))

/** Where queues are heard: the general one by whoever reads conversations, a team's by its members; who sees everybody's work hears all of them. */
export async function teamRooms(app: App, actors: readonly StaffActor[]): Promise<string[][]> {
  const rows = memberRows.parse(
    await app
      .db('team_members')
      .whereIn(
        'account_id',
        actors.map(({ accountId }) => accountId),
      )
      .select('account_id', 'team_id'),
  )
  const teams = new Map<string, string[]>()
  for (const { account_id: id, team_id: teamId } of rows) teams.set(id, [...(teams.get(id) ?? []), rooms.team(teamId)])
  return actors.map(({ accountId, permissions }) => [
    ...(teams.get(accountId) ?? []),
    ...(permissions.has('conversations.read') ? [rooms.general] : []),
    ...(permissions.has('conversations.read_all') ? [rooms.queues] : []),
  ])
}

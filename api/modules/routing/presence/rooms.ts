import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { readOnly, type StaffActor } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import { reachedTeams } from '../../teams/index.ts'

const memberRows = z.array(z.object({ account_id: z.string(), team_id: z.string() }))

/**
 * Where queues are heard: the general one by whoever reads conversations, a team's by its members; who reads others' work hears
 * those that his data scope reaches.
 */
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
  const beyond = await Promise.all(actors.map((actor) => beyondHisTeams(app, actor)))
  return actors.map(({ accountId, permissions }, index) => [
    ...new Set([
      ...(teams.get(accountId) ?? []),
      ...(permissions.has('conversations.read') ? [rooms.general] : []),
      ...(beyond[index] ?? []),
    ]),
  ])
}

/** Only who leads a department is looked up: the scope `team` is one's own teams. */
async function beyondHisTeams(app: App, actor: StaffActor): Promise<string[]> {
  if (!actor.permissions.has('conversations.read_all')) return []
  if (actor.dataScope === 'all') return [rooms.queues]
  if (actor.dataScope !== 'department') return []
  return ((await reachedTeams(await readOnly(app, actor))) ?? []).map((id) => rooms.team(id))
}

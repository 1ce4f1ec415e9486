/** The supervisor's board (BP-012.1–4): the same number of statements for an empty house and for five hundred agents. */
import type { Board, BoardAgent, BoardConversation, BoardTeam, boardConversationQuery } from '../../../contract/supervision.ts'
import { PRESENCE_STATUSES, type PresenceStatus } from '../../../contract/identity.ts'
import type { z } from 'zod'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { type Field, loadField, whyWaiting } from '../../routing/index.ts'
import { openAlerts } from '../alerts/list-alerts.ts'
import { type BoardFilter, checkAccount, checkTeam, type Scope, scopeOf } from '../scope.ts'
import { loadAgents } from './load-agents.ts'
import { loadChannels } from './load-channels.ts'
import { loadBoardConversations, presentBoardConversation, type Standing } from './load-conversations.ts'
import { loadTeams } from './load-teams.ts'
import { revisionOf } from './revision.ts'
import { onlineAgents, staffingBy } from './staffing.ts'
import { conversationTotals } from './totals.ts'

const FIRST = 100

export async function loadBoard(ctx: Ctx<StaffActor>, filter: BoardFilter): Promise<Board> {
  const scope = await scopeOf(ctx)
  checkTeam(scope, filter.teamId)
  // First: what changes while the rest is read makes this answer look old, never newer than it is.
  const revision = await revisionOf(ctx.trx)
  const field = await loadField(ctx, { kind: 'conversation', everybody: true })
  const online = onlineAgents(field)
  const teams = await loadTeams(ctx, scope, online)
  const agents = await loadAgents(ctx, { scope, filter, field })
  const queue = await loadBoardConversations(ctx, scope, { ...filter, status: 'queued', limit: FIRST })
  const totals = await conversationTotals(ctx, scope, filter)
  const standing = { staffingOf: staffingBy(online, byId(teams)), held: await heldOf(ctx, field, queue.rows) }
  return {
    revision,
    at: ctx.now.toISOString(),
    totals: { ...totals, agents: countStatuses(agents) },
    queue: queue.rows.map((row) => presentBoardConversation(row, standing)),
    queueCursor: queue.nextCursor,
    agents,
    teams: filter.teamId ? teams.filter(({ id }) => id === filter.teamId) : teams,
    channels: await loadChannels(ctx),
    alerts: await openAlerts(ctx, scope),
    may: {
      assign: ctx.actor.permissions.has('conversations.assign'),
      changePresence: ctx.actor.permissions.has('conversations.assign'),
      changeRules: ctx.actor.permissions.has('supervision.rules'),
    },
  }
}

const heldOf = (ctx: Ctx, field: Field, rows: readonly { id: string }[]) =>
  whyWaiting(ctx, { kind: 'conversation', workIds: rows.map(({ id }) => id), field })

/** What is handled waits for nothing. */
const NOBODY_WAITS: Standing = { staffingOf: () => ({ name: null, open: true, agents: [] }), held: new Map() }

async function standingOf(ctx: Ctx, scope: Scope, rows: readonly { id: string }[]): Promise<Standing> {
  const field = await loadField(ctx, { kind: 'conversation', everybody: true })
  const online = onlineAgents(field)
  return { staffingOf: staffingBy(online, byId(await loadTeams(ctx, scope, online))), held: await heldOf(ctx, field, rows) }
}

const byId = (teams: readonly BoardTeam[]) => new Map(teams.map(({ id, name, openState }) => [id, { name, open: openState.open }]))

function countStatuses(agents: readonly BoardAgent[]): Record<PresenceStatus, number> {
  const counts: Record<PresenceStatus, number> = { online: 0, busy: 0, break: 0, offline: 0 }
  for (const status of PRESENCE_STATUSES) counts[status] = agents.filter((agent) => agent.status === status).length
  return counts
}

/** A page of what waits, or of what is handled: by anybody, by one agent, for one team. */
export async function listBoardConversations(
  ctx: Ctx<StaffActor>,
  query: z.output<typeof boardConversationQuery>,
): Promise<{ data: BoardConversation[]; nextCursor: string | null }> {
  const scope = await scopeOf(ctx)
  checkTeam(scope, query.teamId)
  checkAccount(scope, query.assigneeId)
  const { rows, nextCursor } = await loadBoardConversations(ctx, scope, query)
  const standing = query.status === 'queued' ? await standingOf(ctx, scope, rows) : NOBODY_WAITS
  return { data: rows.map((row) => presentBoardConversation(row, standing)), nextCursor }
}

/** Assigning by hand: one, many, again (BP-012.5–7). */
import type { AssignResult } from '../../../contract/assignment.ts'
import type { Reason } from '../../../contract/routing.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { giveWork, moveQueue } from '../../routing/index.ts'
import { TeamRow } from '../../teams/index.ts'
import { settle } from '../assign-conversation.ts'
import { ConversationRow } from '../model.ts'
import { readersOf } from '../oversight/who-sees.ts'
import { sees } from '../policy.ts'
import { teamToAsk } from '../transfers/targets.ts'
import { followQueue } from './follow-queue.ts'
import { releaseToQueue } from './release-to-queue.ts'

export type Target = { accountId: string } | { teamId: string | null }

export interface AssignOptions {
  /** Null team: the general queue. */
  to: Target
  /** Default: assigned by hand. */
  reason?: Reason | undefined
  note?: string | null | undefined
  /** Beyond his limit, to somebody offline, to a team outside its hours. */
  force?: boolean | undefined
  /** The caller has checked who may, each row of it. Default: what the actor cannot see is not found. */
  trusted?: boolean | undefined
  /** As the rows were seen; what has changed since is refused. */
  versions?: Readonly<Record<string, number>> | undefined
}

/**
 * Gives conversations to somebody, or to a team's queue, whoever has them now. Rows are locked in one order, so two who assign the same batch follow one
 * another; with `versions` the second is refused what the first has changed. Refusals are per row and change nothing of theirs.
 * @throws NotFound, Invalid `staff_not_active`, Conflict `target_offline` | `team_disabled`, `team_closed` for the target itself
 */
export async function assignTo(ctx: Ctx<StaffActor>, ids: readonly string[], options: AssignOptions): Promise<AssignResult[]> {
  const target = await targetOf(ctx, options)
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...new Set(ids)])
    .orderBy('id')
    .forNoKeyUpdate()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const refused = new Map<string, ErrorCode>()
  for (const id of ids) {
    const code = await refusalOf(ctx, byId.get(id), options)
    if (code !== null) refused.set(id, code)
  }
  const accepted = [...new Set(ids)].flatMap((id) => (refused.has(id) ? [] : (byId.get(id) ?? [])))
  const former = new Map(accepted.map((row) => [row.id, { assigneeId: row.assignee_id, teamId: row.team_id }]))
  const done =
    target.kind === 'person'
      ? await giveTo(ctx, accepted, { target, options })
      : await toQueue(ctx, accepted, { teamId: target.id, options })
  for (const row of accepted) if (!done.has(row.id)) refused.set(row.id, 'target_at_capacity')
  await record(
    ctx,
    ...[...done].map((id) => ({
      action: 'conversation.assigned',
      object: { kind: 'conversation', id },
      before: former.get(id) ?? null,
      after: target.kind === 'person' ? { assigneeId: target.id } : { teamId: target.id },
      context: { reason: options.reason?.code ?? 'assigned_by_hand', note: options.note ?? null },
    })),
  )
  return [...new Set(ids)].map((id) => resultOf(id, { code: refused.get(id) ?? null, target }))
}

type Found = { kind: 'person'; id: string; name: string } | { kind: 'team'; id: string | null; name: string }

function resultOf(id: string, { code, target }: { code: ErrorCode | null; target: Found }): AssignResult {
  if (code !== null) return { id, outcome: 'refused', code, assignee: null }
  if (target.kind === 'team') return { id, outcome: 'queued', code: null, assignee: null }
  return { id, outcome: 'assigned', code: null, assignee: { id: target.id, name: target.name } }
}

async function targetOf(ctx: Ctx, { to, force, trusted }: AssignOptions): Promise<Found> {
  if ('accountId' in to) {
    const account = await Account.query(ctx.trx).findOne({ id: to.accountId, kind: 'staff' }).forShare().select('id', 'name')
    if (!account) throw new NotFound('member of staff')
    const [reader] = await readersOf(ctx.trx, [account.id])
    if (reader?.permissions.has('conversations.reply') !== true)
      throw new Invalid('staff_not_active', 'disabled, or does not answer customers', { accountIds: [account.id] })
    const presence = (await ctx.app.hooks.only('account.presence')(ctx.trx, [account.id])).get(account.id)
    if (!force && !trusted && presence?.status === 'offline')
      throw new Conflict('target_offline', 'he is not there', { name: account.name })
    return { kind: 'person', id: account.id, name: account.name }
  }
  if (to.teamId === null) return { kind: 'team', id: null, name: '' }
  if (!force) return { kind: 'team', ...(await teamToAsk(ctx, to.teamId)) }
  const team = await TeamRow.query(ctx.trx).findById(to.teamId).forShare().select('id', 'name', 'status')
  if (!team) throw new NotFound('team')
  if (team.status === 'disabled') throw new Conflict('team_disabled', 'this team takes no work', { name: team.name })
  return { kind: 'team', id: team.id, name: team.name }
}

async function refusalOf(ctx: Ctx<StaffActor>, row: ConversationRow | undefined, options: AssignOptions): Promise<ErrorCode | null> {
  if (!row || (!options.trusted && !(await sees(ctx, row)))) return 'not_found'
  if (row.status === 'closed') return 'conversation_closed'
  if (row.kind === 'stream') return 'conversation_is_stream'
  const seen = options.versions?.[row.id]
  if (seen !== undefined && seen !== row.version) return 'version_conflict'
  return isThere(row, options.to) ? 'already_there' : null
}

const isThere = (row: ConversationRow, to: Target): boolean =>
  'accountId' in to ? row.assignee_id === to.accountId : row.status === 'queued' && row.waiting_for === null && row.team_id === to.teamId

const BY_HAND = (ctx: Ctx<StaffActor>): Reason => ({ code: 'assigned_by_hand', params: { by: ctx.actor.name } })

/** As many as he has room for, those that waited longest first. @returns those he has now */
async function giveTo(
  ctx: Ctx<StaffActor>,
  rows: readonly ConversationRow[],
  { target, options }: { target: { id: string; name: string }; options: AssignOptions },
): Promise<Set<string>> {
  const given = await giveWork(ctx, {
    kind: 'conversation',
    workIds: rows.map(({ id }) => id),
    to: target,
    reason: options.reason ?? BY_HAND(ctx),
    endReason: options.reason?.code ?? 'reassigned',
    note: options.note,
    beyondCapacity: options.force,
  })
  const settled = rows.flatMap((row) => {
    const assigned = given.get(row.id)
    return assigned ? [{ row, assigned }] : []
  })
  await settle(ctx, settled)
  return new Set(given.keys())
}

async function toQueue(
  ctx: Ctx<StaffActor>,
  rows: readonly ConversationRow[],
  { teamId, options }: { teamId: string | null; options: AssignOptions },
): Promise<Set<string>> {
  const reason = options.reason ?? BY_HAND(ctx)
  const open = rows.filter(({ status }) => status === 'open')
  await releaseToQueue(ctx, open, { teamId, reason })
  const waiting = rows.filter(({ status, id }) => status === 'queued' && !open.some((row) => row.id === id))
  const ids = waiting.map(({ id }) => id)
  await moveQueue(ctx, { kind: 'conversation', ids }, { teamId, reason })
  await followQueue(ctx, waiting, { teamId, reason })
  return new Set(rows.map(({ id }) => id))
}

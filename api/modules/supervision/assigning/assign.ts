/** A supervisor hands out by hand: one, many, or again (BP-012.5–7). */
import type { z } from 'zod'
import type { AssignResult } from '../../../contract/assignment.ts'
import type { AssignmentResult, AssignmentRow, assignmentRequest } from '../../../contract/supervision.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, type RequestSource, type StaffActor } from '../../../core/context.ts'
import { record } from '../../audit/index.ts'
import { assignTo, ConversationRow, drainQueue, releaseToQueue } from '../../conversations/index.ts'
import { scopeOf } from '../scope.ts'
import { judge, outcomeOfRefusal } from './judge.ts'
import { loadFacts, loadTarget } from './load.ts'
import { resultOf } from './preview.ts'
import { keepResult, takeKey } from './remember.ts'

type Request = z.output<typeof assignmentRequest>

/**
 * Each row by itself: what somebody else changed since it was looked at stays as it is and says so. Conversations are locked in the order of their ids,
 * as everywhere, so that two supervisors with the same rows take turns and the second sees what the first did.
 * @throws NotFound for a target outside one's scope; Conflict `idempotency_mismatch`
 */
export async function assignByHand(app: App, actor: StaffActor, request: Request, source: RequestSource | null): Promise<AssignmentResult> {
  const done = await inTransaction(app, actor, (ctx) => handOut(ctx, request), source)
  if (request.to.kind !== 'policy' || done.isReplay) return done.result
  const waiting = done.result.rows.filter(({ outcome }) => outcome === 'queues').map(({ id }) => id)
  // The claim is a short transaction of its own, as for everybody who waits; what it leaves in the queue has been told truly already.
  if (waiting.length > 0) await drainQueue(app)
  return inTransaction(app, actor, (ctx) => whoGotIt(ctx, request.clientKey, done.result), source)
}

async function handOut(ctx: Ctx<StaffActor>, request: Request): Promise<{ result: AssignmentResult; isReplay: boolean }> {
  const { items, to, force, note, clientKey } = request
  const before = await takeKey(ctx, clientKey, { items, to, force, note })
  if (before) return { result: before, isReplay: true }
  const scope = await scopeOf(ctx)
  const ids = items.map(({ id }) => id)
  const locked = await ConversationRow.query(ctx.trx).whereIn('id', ids).orderBy('id').forNoKeyUpdate()
  const loaded = await loadTarget(ctx, scope, to)
  const judged = judge(items, await loadFacts(ctx, scope, ids), loaded.target, force)
  const wanted = new Set(judged.filter(({ outcome }) => outcome === 'moves' || outcome === 'queues').map(({ id }) => id))
  const rows = await carryOut(
    ctx,
    request,
    judged,
    locked.filter(({ id }) => wanted.has(id)),
  )
  const result = resultOf(rows, loaded)
  await keepResult(ctx, clientKey, result)
  await writeTrail(ctx, request, rows)
  return { result, isReplay: false }
}

async function carryOut(
  ctx: Ctx<StaffActor>,
  request: Request,
  judged: AssignmentRow[],
  rows: ConversationRow[],
): Promise<AssignmentRow[]> {
  const { to, note, force } = request
  if (rows.length === 0) return judged
  if (to.kind === 'policy') {
    const held = rows.filter(({ status }) => status === 'open')
    const reason = { code: 'given_back_by_hand', params: { by: ctx.actor.name } }
    if (held.length > 0) await releaseToQueue(ctx, held, { reason })
    return judged
  }
  const results = await assignTo(
    ctx,
    rows.map(({ id }) => id),
    {
      to: to.kind === 'agent' ? { accountId: to.accountId } : { teamId: to.teamId },
      ...(note === undefined ? {} : { note }),
      force,
      trusted: true,
    },
  )
  const byId = new Map(results.map((result) => [result.id, result]))
  return judged.map((row) => afterwards(row, byId.get(row.id)))
}

const afterwards = (row: AssignmentRow, result: AssignResult | undefined): AssignmentRow =>
  result?.outcome === 'refused' ? { ...row, outcome: outcomeOfRefusal(result.code), to: null } : row

/** Of those that were put into the queue, who has them now. */
async function whoGotIt(ctx: Ctx<StaffActor>, clientKey: string, result: AssignmentResult): Promise<AssignmentResult> {
  const facts = await loadFacts(
    ctx,
    { teamIds: null, accountIds: null },
    result.rows.map(({ id }) => id),
  )
  const rows = result.rows.map((row) => {
    const now = row.outcome === 'queues' ? facts.get(row.id) : undefined
    return now?.status === 'open' ? { ...row, outcome: 'moves' as const, to: now.assignee } : row
  })
  const settled = resultOf(rows, { target: { kind: 'policy' }, status: null })
  await keepResult(ctx, clientKey, settled)
  return settled
}

/** What was assigned writes its own lines; what goes back to the policies is told here. */
const writeTrail = (ctx: Ctx<StaffActor>, { to, note }: Request, rows: readonly AssignmentRow[]): Promise<void> =>
  record(
    ctx,
    ...rows
      .filter(({ outcome, from }) => to.kind === 'policy' && outcome === 'queues' && from !== null)
      .map((row) => ({
        action: 'conversation.given_back',
        object: { kind: 'conversation', id: row.id, label: row.customer },
        before: { assigneeId: row.from?.id ?? null },
        after: { assigneeId: null },
        context: note === undefined ? {} : { note },
      })),
  )

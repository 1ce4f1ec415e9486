/** What waits finds its agent: rounds over the queue, each a short transaction (BP-003.4, BP-003.5). */
import type { App } from '../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { announce, type Assigned, leaveQueue, openRound, type Place, QUEUE_STANDINGS_TOPIC } from '../routing/index.ts'
import { announceConversations, audience } from './announce.ts'
import { notice } from './append-message.ts'
import { ConversationRow, MessageRow } from './model.ts'

const MAX_AT_ONCE = 100
/** Far more than wait anywhere: work that nobody may have must not keep a process busy for ever. */
const MAX_ROUNDS = 100

interface Draining {
  running: Promise<void>
  /** Shared by all who asked while it runs. */
  next: Promise<void> | null
}
const draining = new WeakMap<App, Draining>()

/**
 * Hands out what waits, in the order of the queue, until nobody who could have it has room. Rounds take turns across all processes, so within one process
 * a crowd that asks at once shares a run: each waits for one that began after he asked.
 */
export function drainQueue(app: App): Promise<void> {
  const now = draining.get(app)
  if (now === undefined) return startDraining(app)
  now.next ??= now.running.catch(() => undefined).then(() => startDraining(app))
  return now.next
}

function startDraining(app: App): Promise<void> {
  const running = drain(app)
  const mine: Draining = { running, next: null }
  draining.set(app, mine)
  const over = () => {
    if (mine.next === null) draining.delete(app)
  }
  running.then(over, over)
  return running
}

async function drain(app: App): Promise<void> {
  let after: Place | null = null
  let waitFor: string[] = []
  let busy: string[] = []
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { next, skipped }: Handed = await handOut(app, { limit: MAX_AT_ONCE, after, waitFor: after === null ? waitFor : [] })
    busy.push(...skipped)
    if (next === null && busy.length === 0) return
    after = next
    if (next !== null) continue
    waitFor = busy
    busy = []
  }
}

interface Handed {
  /** Where the next page of the queue begins; null when there is none. */
  next: Place | null
  /** Somebody had these in hand (a line was being written, a colleague was reaching for them): nobody else would come back for them. */
  skipped: string[]
}

/**
 * One round. What somebody has in hand is skipped, so that nobody waits for a row while others wait for the turn; `waitFor` are those that were skipped
 * before: they are waited for first, before the turn is taken.
 */
export async function handOut(app: App, page: { limit: number; after: Place | null; waitFor?: readonly string[] }): Promise<Handed> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const held = await lockBefore(ctx, page.waitFor ?? [])
    const round = await openRound(ctx, 'conversation', page)
    if (!round) return { next: null, skipped: [] }
    const others = round.workIds.filter((id) => !held.has(id))
    const rows = new Map([...held, ...(await lockQueued(ctx, others))])
    const agents = await round.claim(new Set(rows.keys()))
    const settled = round.workIds.flatMap((id) => {
      const [row, assigned] = [rows.get(id), agents.get(id)]
      return row && assigned ? [{ row, assigned }] : []
    })
    await settle(ctx, settled)
    return { next: round.next, skipped: others.filter((id) => !rows.has(id)) }
  })
}

/** Waits for whoever has them. What turns out not to wait any more leaves the queue, whoever forgot to say so. */
async function lockBefore(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ConversationRow>> {
  if (ids.length === 0) return new Map()
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...ids])
    .orderBy('id')
    .forNoKeyUpdate()
  const gone = rows.filter(({ status }) => status !== 'queued').map(({ id }) => id)
  await leaveQueue(ctx, { kind: 'conversation', ids: gone }, 'gone')
  return new Map(rows.flatMap((row) => (row.status === 'queued' ? [[row.id, row] as const] : [])))
}

/** Those that still wait and that nobody else has in hand. */
export async function lockQueued(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ConversationRow>> {
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...ids])
    .where('status', 'queued')
    .orderBy('id')
    .forNoKeyUpdate()
    .skipLocked()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The assignments are written; the conversations follow them. One statement per table, whatever their number. */
export async function settle(ctx: Ctx, settled: readonly { row: ConversationRow; assigned: Assigned }[]): Promise<void> {
  if (settled.length === 0) return
  const before = new Map(settled.map(({ row }) => [row.id, audience(row)]))
  const former = settled.flatMap(({ row }) => row.assignee_id ?? [])
  for (const { row, assigned } of settled) {
    const { last_seq, version } = row
    row.$set({
      status: 'open',
      assignee_id: assigned.accountId,
      opened_at: ctx.now,
      waiting_for: null,
      accepted_at: ctx.actor.kind === 'staff' && ctx.actor.accountId === assigned.accountId ? ctx.now : null,
      last_seq: last_seq + 1,
      version: version + 1,
    })
  }
  await ctx.trx.raw(
    `update conversations v set status = 'open', assignee_id = t.assignee_id, opened_at = (select app_now()), accepted_at = t.accepted_at,
       waiting_for = null, last_seq = t.last_seq, version = t.version, updated_at = (select app_now())
     from json_to_recordset(?::json) as t(id uuid, assignee_id uuid, accepted_at timestamptz, last_seq int, version int) where v.id = t.id`,
    [
      JSON.stringify(
        settled.map(({ row: { id, assignee_id, accepted_at, last_seq, version } }) => ({
          id,
          assignee_id,
          accepted_at,
          last_seq,
          version,
        })),
      ),
    ],
  )
  const lines = await MessageRow.query(ctx.trx)
    .insert(settled.map(({ row, assigned }) => lineOf(ctx, row, assigned)))
    .returning('*')
  for (const { row, assigned } of settled) {
    const payload = { accountId: assigned.accountId, reason: assigned.reason.code }
    ctx.emit({ name: 'conversation.assigned', subjectId: row.id, payload })
  }
  const lineIn = new Map(lines.map((line) => [line.conversation_id, [line]]))
  await announceConversations(
    ctx,
    settled.map(({ row: { id } }) => ({ id, created: lineIn.get(id) ?? [], before: before.get(id) ?? [] })),
  )
  ctx.wake(QUEUE_STANDINGS_TOPIC)
  announce(ctx, [...former, ...settled.map(({ assigned }) => assigned.accountId)])
}

/** Why he has it, as a line of the conversation. */
const lineOf = (ctx: Ctx, row: ConversationRow, { name, reason }: Assigned) => ({
  id: newId(),
  conversation_id: row.id,
  seq: row.last_seq,
  direction: 'system' as const,
  author_kind: 'system' as const,
  parts: notice('conversation_assigned', { name, reason: reason.code, ...reason.params }),
  occurred_at: ctx.now,
  created_at: ctx.now,
})

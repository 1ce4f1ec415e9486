/** What waits finds its agent: rounds over the queue, each a short transaction (BP-003.4, BP-003.5). */
import { setTimeout as sleep } from 'node:timers/promises'
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
const MAX_TRIES = 40
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 300

interface Draining {
  running: Promise<string[]>
  /** Shared by all who asked while it runs. */
  next: Promise<void> | null
}
const draining = new WeakMap<App, Draining>()

/**
 * Hands out what waits, in the order of the queue, until nobody who could have it has room. Rounds take turns across all processes, so within one process
 * a crowd that asks at once shares a run: each waits for one that began after he asked. What it met in somebody's hands follows by itself.
 */
export function drainQueue(app: App): Promise<void> {
  const now = draining.get(app)
  if (now === undefined) return startDraining(app)
  now.next ??= now.running
    .then(
      () => undefined,
      () => undefined,
    )
    .then(() => startDraining(app))
  return now.next
}

function startDraining(app: App): Promise<void> {
  const running = drainOnce(app, [])
  const mine: Draining = { running, next: null }
  draining.set(app, mine)
  const over = () => {
    if (mine.next === null) draining.delete(app)
  }
  running.then(over, over)
  return running.then((busy) => {
    if (busy.length > 0) lookAgain(app, busy)
  })
}

interface Late {
  ids: Set<string>
  running: Promise<void>
}
const late = new WeakMap<App, Late>()

/**
 * Somebody has these in hand: their customer goes on writing, a colleague reaches for them. They are looked for again beside the rounds, a little later each
 * time and without ever standing in line for a row, so that nobody waits for them and one that is held for long keeps no other.
 */
function lookAgain(app: App, ids: readonly string[]): void {
  const known = late.get(app)
  if (known) {
    for (const id of ids) known.ids.add(id)
    return
  }
  const waiting = new Set(ids)
  const running = drainBusy(app, waiting).catch((error: unknown) => {
    // The schedule that hands out the queue comes back for them.
    app.log.warn({ conversations: waiting.size, error: String(error) }, 'conversations.busy_not_assigned')
  })
  late.set(app, { ids: waiting, running })
}

/** Ends when nothing is waited for any more. */
export const busyAssigned = async (app: App): Promise<void> => late.get(app)?.running

/** Work that nobody may have leaves the set at once; the limit is for what is held for long, which the schedule finds. */
async function drainBusy(app: App, ids: Set<string>): Promise<void> {
  try {
    for (let tries = 0; ids.size > 0 && tries < MAX_TRIES; tries++) {
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS))
      const next = [...ids]
      ids.clear()
      for (const id of await drainOnce(app, next)) ids.add(id)
    }
  } finally {
    // In the same breath as the last look at the set: whoever adds to it later begins anew.
    late.delete(app)
  }
}

/** Once through the queue. @returns what was skipped */
async function drainOnce(app: App, again: readonly string[]): Promise<string[]> {
  const busy: string[] = []
  let after: Place | null = null
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { next, skipped }: Handed = await handOut(app, { limit: MAX_AT_ONCE, after, again: after === null ? again : [] })
    busy.push(...skipped)
    if (next === null) break
    after = next
  }
  return busy
}

interface Handed {
  /** Where the next page of the queue begins; null when there is none. */
  next: Place | null
  /** Somebody had these in hand (a line was being written, a colleague was reaching for them): nobody else would come back for them. */
  skipped: string[]
}

/**
 * One round. What somebody has in hand is skipped, so that nobody waits for a row while others wait for the turn; `again` are those that were skipped
 * before: they are looked at first, before the turn is taken.
 */
export async function handOut(app: App, page: { limit: number; after: Place | null; again?: readonly string[] }): Promise<Handed> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const held = await lockBefore(ctx, page.again ?? [])
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

/** Those that are free now. What turns out not to wait any more leaves the queue, whoever forgot to say so. */
async function lockBefore(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ConversationRow>> {
  if (ids.length === 0) return new Map()
  const rows = await ConversationRow.query(ctx.trx)
    .whereIn('id', [...ids])
    .orderBy('id')
    .forNoKeyUpdate()
    .skipLocked()
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

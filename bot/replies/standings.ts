/** Tells those who wait where they stand: their pages at every step, other channels by a few lines out of the purse (BP-003.6). */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, SYSTEM, type SystemActor } from '#api/core/context.ts'
import { NAMESPACES, rooms } from '#api/core/realtime/realtime.ts'
import { ConversationRow, settingsOf } from '#api/modules/conversations/index.ts'
import {
  everybodyWaiting,
  forgetStandings,
  rememberJudged,
  rememberSaid,
  rememberTold,
  seePages,
  type Waiting,
  worthSaying,
  worthTelling,
} from '#api/modules/routing/index.ts'
import { say } from './say.ts'

/** Many changes at once are one count. */
const GAP_MS = 500
/** Who is served at once was never in a queue: nobody is told of a place that he held for a moment. */
const SETTLED_MS = 2000
const LOOK_AT_PAGES_MS = 15_000
const LINES_AT_ONCE = 50
/** Any number, the same in every process: one of them counts at a time. */
const TURN = 20_261_122

export interface StandingsTeller {
  tell(): Promise<void>
  stop(): void
}

export function createStandingsTeller(app: App): StandingsTeller {
  const ending = new AbortController()
  let last = 0
  let lookedAtPages = 0
  return {
    async tell() {
      await sleep(Math.max(0, last + GAP_MS - Date.now()), undefined, { signal: ending.signal }).catch(() => {}) // woken to end
      if (ending.signal.aborted) return
      last = Date.now()
      const waiting = await tellPages(app)
      if (waiting.length === 0) return
      for (const one of waiting.filter(mayBeSaid).slice(0, LINES_AT_ONCE)) await sayStanding(app, one)
      if (Date.now() - lookedAtPages < LOOK_AT_PAGES_MS) return
      lookedAtPages = Date.now()
      await lookAtPages(app, waiting)
    },
    stop: () => ending.abort(),
  }
}

interface Known extends Waiting {
  identityId: string
  livePage: boolean
  settled: boolean
}

const whoRows = z.object({ rows: z.array(z.object({ id: z.string(), identity_id: z.string(), kind: z.string(), settled: z.boolean() })) })

async function withPeople(ctx: Ctx<SystemActor>, waiting: readonly Waiting[]): Promise<Known[]> {
  const answer: unknown = await ctx.trx.raw(
    `select v.id, v.identity_id, a.kind, v.created_at < app_now() - ? * interval '1 millisecond' as settled
     from conversations v join channel_accounts a on a.id = v.channel_account_id where v.id = any(?::uuid[]) and v.status = 'queued'`,
    [SETTLED_MS, waiting.map(({ conversationId }) => conversationId)],
  )
  const who = new Map(whoRows.parse(answer).rows.map((row) => [row.id, row]))
  return waiting.flatMap((one) => {
    const row = who.get(one.conversationId)
    if (!row) return []
    return [
      { ...one, identityId: row.identity_id, livePage: ctx.app.catalogue.get(row.kind)?.identify !== undefined, settled: row.settled },
    ]
  })
}

/** @returns everybody who waits; nobody while another process counts */
function tellPages(app: App): Promise<Known[]> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const turn: unknown = await ctx.trx.raw('select pg_try_advisory_xact_lock(?) as mine', [TURN])
    if (!z.object({ rows: z.tuple([z.object({ mine: z.boolean() })]) }).parse(turn).rows[0].mine) return []
    await forgetStandings(ctx)
    const waiting = await everybodyWaiting(ctx)
    if (waiting.length === 0) return []
    const known = await withPeople(ctx, waiting)
    const changed = known.filter((one) => worthTelling(one.told, one))
    await rememberTold(ctx, changed)
    const at = ctx.now.toISOString()
    for (const { conversationId, identityId, livePage, position, estimateSeconds } of changed) {
      if (!livePage) continue
      const queue = { position, estimateSeconds, at }
      ctx.push({
        namespace: 'customer',
        rooms: [rooms.customer(identityId)],
        event: { type: 'queue.updated', id: conversationId, version: 0, patch: { queue } },
      })
    }
    return known
  })
}

const mayBeSaid = ({ livePage, settled, saidPosition, ...now }: Known): boolean =>
  !livePage && settled && (saidPosition === null || worthSaying(saidPosition, now))

/** In a transaction of its own; who cannot be told is judged too: he keeps nobody behind him from hearing. */
async function sayStanding(app: App, one: Known): Promise<void> {
  try {
    await inTransaction(app, SYSTEM, (ctx) => judge(ctx, one))
  } catch (error) {
    app.log.warn({ conversationId: one.conversationId, error: String(error) }, 'replies.standing_not_said')
    await inTransaction(app, SYSTEM, (ctx) => rememberJudged(ctx, one.conversationId, one.position))
  }
}

async function judge(ctx: Ctx<SystemActor>, one: Known): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: one.conversationId, status: 'queued', kind: 'direct' })
    .forNoKeyUpdate()
    .skipLocked()
  if (!row) return
  const allowed = one.lines < (await settingsOf(ctx, row.channel_account_id)).rules.queueLines
  const text = one.lines === 0 ? 'queued' : 'queue_moved'
  const key = `queue:${row.queued_at?.getTime() ?? 0}:${one.lines}`
  const spoken = allowed ? await say(ctx, row, { text, importance: 'information', key }) : null
  const remember = spoken && 'message' in spoken ? rememberSaid : rememberJudged
  await remember(ctx, one.conversationId, one.position)
}

/** Whose page is open now: the others are gone once they have been away for as long as their account allows. */
async function lookAtPages(app: App, waiting: readonly Known[]): Promise<void> {
  const pages = waiting.filter(({ livePage }) => livePage)
  if (pages.length === 0) return
  const sockets = await app.realtime.io
    .of(NAMESPACES.customer)
    .in(pages.map(({ identityId }) => rooms.customer(identityId)))
    .fetchSockets()
  const open = new Set(sockets.flatMap((socket) => [...socket.rooms]))
  const seen = pages.filter(({ identityId }) => open.has(rooms.customer(identityId))).map(({ conversationId }) => conversationId)
  await inTransaction(app, SYSTEM, (ctx) => seePages(ctx, seen))
}

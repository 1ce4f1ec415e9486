/** Closed doors (BP-003.1): who wrote waits outside the queue until somebody opens, leaves word, or goes. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, type CustomerActor, inTransaction, SYSTEM } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { announceConversation, announceConversations } from '../announce.ts'
import { appendNotice } from '../append-message.ts'
import { endConversation } from '../close-conversation.ts'
import { settingsOf } from '../consultation/settings.ts'
import { ConversationRow } from '../model.ts'
import { offerChoices } from './admit.ts'
import { enterFromWaiting } from './enter-from-waiting.ts'
import { type Matched, matchTeams } from './match-teams.ts'

const BATCH = 200
const waitIds = z.array(z.object({ conversation_id: z.string() }))
const waitRows = z.array(z.object({ conversation_id: z.string(), waits: z.boolean() }))

/** They say that they wait for the opening; their conversations are locked. What waits for nothing stays as it is. */
export async function waitByWord(ctx: Ctx, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  const changed = await ctx
    .trx('off_hours_waits')
    .whereIn('conversation_id', [...conversationIds])
    .where({ waits: false })
    .update({ waits: true })
    .returning('conversation_id')
  for (const { conversation_id: id } of waitIds.parse(changed)) {
    const row = await ConversationRow.query(ctx.trx).findById(id).throwIfNotFound()
    await announceConversation(ctx, id, { created: [await appendNotice(ctx, row, 'customer_waits_for_opening')] })
  }
}

/** The button of our page. Saying it twice changes nothing. @throws NotFound; Conflict `not_closed_now` when nobody has to wait for an opening */
export async function waitByCustomer(ctx: Ctx<CustomerActor>, conversationId: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: conversationId, identity_id: ctx.actor.identityId, kind: 'direct' })
    .forNoKeyUpdate()
  if (!row) throw new NotFound('conversation')
  if (row.waiting_for !== 'off_hours') throw new Conflict('not_closed_now', 'there is no opening to wait for', {})
  await waitByWord(ctx, [conversationId])
}

const NONE = '00000000-0000-0000-0000-000000000000'

/**
 * Looks again whose doors are open by now, as if they had just come: a calendar may have changed, a team may be gone. Who said nothing is treated as
 * the rules of his account say. Page by page, each in a transaction of its own: those whose doors stay closed hold up nobody.
 * @returns conversations that entered the queue
 */
export async function admitAtOpening(app: App): Promise<string[]> {
  const entered: string[] = []
  for (let after: string | null = NONE; after !== null;) {
    const from: string = after
    const page = await inTransaction(app, SYSTEM, (ctx) => admitPage(ctx, from))
    entered.push(...page.entered)
    after = page.next
  }
  return entered
}

async function admitPage(ctx: Ctx, after: string): Promise<{ entered: string[]; next: string | null }> {
  const rows = await ConversationRow.query(ctx.trx)
    .where({ waiting_for: 'off_hours', status: 'queued' })
    .where('id', '>', after)
    .orderBy('id')
    .limit(BATCH)
    .forNoKeyUpdate()
    .skipLocked()
  if (rows.length === 0) return { entered: [], next: null }
  const matches = await matchTeams(
    ctx,
    rows.map((row) => ({ key: row.id, customerId: row.customer_id, channelAccountId: row.channel_account_id, source: row.source })),
  )
  const opened = rows.filter((row) => matches.get(row.id)?.waitingFor !== 'off_hours')
  await keepOpenings(ctx, rows, matches)
  const undecided = await whoSaidNothing(ctx, opened)
  const staying = opened.filter((row) => !undecided.has(row.id))
  for (const row of opened.filter(({ id }) => undecided.has(id))) await endConversation(ctx, row, 'off_hours')
  const last = rows.length === BATCH ? rows.at(-1) : undefined
  return { entered: await admit(ctx, staying, matches), next: last?.id ?? null }
}

/** What the page and the texts say of the next opening stays true. */
async function keepOpenings(ctx: Ctx, rows: readonly ConversationRow[], matches: ReadonlyMap<string, Matched>): Promise<void> {
  const openings = rows.flatMap(({ id }) => {
    const matched = matches.get(id)
    return matched?.waitingFor === 'off_hours' ? [{ id, opens_at: matched.opensAt?.toISOString() ?? null }] : []
  })
  await ctx.trx.raw(
    `update off_hours_waits w set opens_at = t.opens_at from json_to_recordset(?::json) as t(id uuid, opens_at timestamptz)
     where w.conversation_id = t.id and w.opens_at is distinct from t.opens_at`,
    [JSON.stringify(openings)],
  )
}

/** Those of accounts that end what nobody decided. One look per account. */
async function whoSaidNothing(ctx: Ctx, rows: readonly ConversationRow[]): Promise<Set<string>> {
  const closing = new Set<string>()
  for (const accountId of new Set(rows.map((row) => row.channel_account_id))) {
    if ((await settingsOf(ctx, accountId)).rules.undecided === 'close') closing.add(accountId)
  }
  const asked = rows.filter((row) => closing.has(row.channel_account_id)).map(({ id }) => id)
  const waits = waitRows.parse(await ctx.trx('off_hours_waits').select('conversation_id', 'waits').whereIn('conversation_id', asked))
  return new Set(waits.filter((row) => !row.waits).map((row) => row.conversation_id))
}

async function admit(ctx: Ctx, rows: readonly ConversationRow[], matches: ReadonlyMap<string, Matched>): Promise<string[]> {
  const known = rows.flatMap((row) => {
    const matched = matches.get(row.id)
    return matched ? [{ id: row.id, matched }] : []
  })
  const entering = known.filter(({ matched }) => matched.waitingFor === null)
  await enterFromWaiting(
    ctx,
    entering.map(({ id, matched }) => ({ conversationId: id, teamId: matched.teamId, reason: matched.reason, from: 'off_hours' as const })),
  )
  const asked = known.filter(({ matched }) => matched.waitingFor === 'team_choice')
  await offerChoices(ctx, asked)
  await ctx
    .trx('conversations')
    .whereIn(
      'id',
      asked.map(({ id }) => id),
    )
    .update({ waiting_for: 'team_choice', version: ctx.trx.raw('version + 1') })
  for (const { id } of asked) ctx.emit({ name: 'conversation.choice-offered', subjectId: id })
  await announceConversations(
    ctx,
    known.map(({ id }) => ({ id })),
  )
  return entering.map(({ id }) => id)
}

/** The customer chooses his team (BP-003.3): answered, or over after so many seconds; nobody is kept waiting by a question. */
import { z } from 'zod'
import type { MatchReason } from '../../../contract/consultation.ts'
import type { MessagePart } from '../../../contract/message.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, type CustomerActor, inTransaction, SYSTEM } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { announceConversation, announceConversations } from '../announce.ts'
import { ConversationRow } from '../model.ts'
import { enterFromWaiting } from './enter-from-waiting.ts'
import { type ChoiceOption, chosenTeam } from './read-answer.ts'

/** Words that are no answer, after which nobody asks any more. */
const PATIENCE = 2

const choiceRows = z.array(
  z.object({
    conversation_id: z.string(),
    options: z.array(z.object({ teamId: z.string(), name: z.string() })),
    ignored: z.number(),
    ended_at: z.date().nullable(),
    expires_at: z.date(),
  }),
)
type ChoiceRow = z.infer<typeof choiceRows>[number]

const choicesOf = async (ctx: Ctx, conversationIds: readonly string[]): Promise<ChoiceRow[]> =>
  choiceRows.parse(
    await ctx
      .trx('team_choices')
      .select('conversation_id', 'options', 'ignored', 'ended_at', 'expires_at')
      .whereIn('conversation_id', [...conversationIds])
      .orderBy('conversation_id')
      .forNoKeyUpdate(),
  )

interface Ending {
  conversationId: string
  outcome: 'answered' | 'timed_out' | 'ignored'
  team: ChoiceOption | null
}

const REASONS = { answered: 'customer_choice', timed_out: 'choice_timed_out', ignored: 'choice_ignored' } as const
const reasonOf = ({ outcome, team }: Ending): MatchReason => ({ code: REASONS[outcome], params: team ? { team: team.name } : {} })

/** The rows are locked. A team that was disabled meanwhile serves nobody: the general queue does. */
async function end(ctx: Ctx, endings: readonly Ending[]): Promise<void> {
  if (endings.length === 0) return
  const wanted = endings.flatMap(({ team }) => (team ? [team.teamId] : []))
  const active = new Set(await ctx.trx('teams').whereIn('id', wanted).where({ status: 'active' }).pluck<string[]>('id'))
  const settled = endings.map((ending): Ending =>
    ending.team && !active.has(ending.team.teamId) ? { ...ending, outcome: 'ignored', team: null } : ending,
  )
  const rows = settled.map(({ conversationId, outcome, team }) => ({ id: conversationId, outcome, team_id: team?.teamId ?? null }))
  await ctx.trx.raw(
    `update team_choices c set ended_at = (select app_now()), outcome = t.outcome, team_id = t.team_id
     from json_to_recordset(?::json) as t(id uuid, outcome text, team_id uuid) where c.conversation_id = t.id`,
    [JSON.stringify(rows)],
  )
  await enterFromWaiting(
    ctx,
    settled.map((ending) => ({
      conversationId: ending.conversationId,
      teamId: ending.team?.teamId ?? null,
      reason: reasonOf(ending),
      from: 'team_choice' as const,
    })),
  )
}

/**
 * Messages of people who are being asked, on the way of their message: the rows of the conversations are locked and the messages written.
 * @returns conversations that entered the queue by it
 */
export async function takeAnswers(
  ctx: Ctx,
  said: readonly { conversationId: string; messages: readonly (readonly MessagePart[])[] }[],
): Promise<string[]> {
  if (said.length === 0) return []
  const words = new Map(said.map(({ conversationId, messages }) => [conversationId, messages]))
  const choices = (await choicesOf(ctx, [...words.keys()])).filter(({ ended_at }) => ended_at === null)
  const endings = choices.flatMap((choice): Ending[] => {
    const messages = words.get(choice.conversation_id) ?? []
    const team = messages.map((parts) => chosenTeam(parts, choice.options)).find((found) => found !== null) ?? null
    if (team) return [{ conversationId: choice.conversation_id, outcome: 'answered', team }]
    return choice.ignored + 1 >= PATIENCE ? [{ conversationId: choice.conversation_id, outcome: 'ignored', team: null }] : []
  })
  const over = new Set(endings.map(({ conversationId }) => conversationId))
  const unanswered = choices.filter(({ conversation_id: id }) => !over.has(id)).map(({ conversation_id: id }) => id)
  if (unanswered.length > 0) await ctx.trx('team_choices').whereIn('conversation_id', unanswered).increment('ignored')
  await end(ctx, endings)
  await announceConversations(
    ctx,
    [...over].map((id) => ({ id })),
  )
  return [...over]
}

/**
 * A button of our page. The same answer again changes nothing.
 * @throws NotFound; Invalid `invalid_request` for a team that was not offered; Conflict `choice_closed` when it is too late
 */
export async function chooseTeam(ctx: Ctx<CustomerActor>, conversationId: string, teamId: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx)
    .findOne({ id: conversationId, identity_id: ctx.actor.identityId, kind: 'direct' })
    .forNoKeyUpdate()
  const [choice] = row ? await choicesOf(ctx, [conversationId]) : []
  if (!row || !choice) throw new NotFound('choice')
  const team = choice.options.find((option) => option.teamId === teamId)
  if (!team) throw new Invalid('invalid_request', 'this team was not offered', { teamId })
  if (row.waiting_for === 'team_choice') {
    await end(ctx, [{ conversationId, outcome: 'answered', team }])
    await announceConversation(ctx, conversationId)
  } else if (row.match_reason?.code !== 'customer_choice' || row.team_id !== teamId) {
    throw new Conflict('choice_closed', 'the choice is over', {})
  }
}

const BATCH = 200

/** Those whom nobody answered in time: the general queue has them. @returns conversations that entered it */
export async function endExpiredChoices(app: App): Promise<string[]> {
  return inTransaction(app, SYSTEM, async (ctx) => {
    const due = await ctx
      .trx('team_choices')
      .whereNull('ended_at')
      .where('expires_at', '<=', ctx.now)
      .orderBy('expires_at')
      .limit(BATCH)
      .pluck<string[]>('conversation_id')
    if (due.length === 0) return []
    // Conversations before choices: the order in which a message takes them.
    const rows = await ConversationRow.query(ctx.trx).whereIn('id', due).orderBy('id').forNoKeyUpdate()
    const choices = (await choicesOf(ctx, due)).filter(({ ended_at }) => ended_at === null)
    const waiting = new Set(rows.filter((row) => row.waiting_for === 'team_choice').map(({ id }) => id))
    await overtake(
      ctx,
      choices.filter(({ conversation_id: id }) => !waiting.has(id)).map(({ conversation_id: id }) => id),
    )
    const ids = choices.map(({ conversation_id: id }) => id).filter((id) => waiting.has(id))
    await end(
      ctx,
      ids.map((conversationId) => ({ conversationId, outcome: 'timed_out', team: null })),
    )
    await announceConversations(
      ctx,
      ids.map((id) => ({ id })),
    )
    return ids
  })
}

/** Somebody took the conversation by hand, or it ended: the question is over. */
async function overtake(ctx: Ctx, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await ctx
    .trx('team_choices')
    .whereIn('conversation_id', [...conversationIds])
    .update({ ended_at: ctx.now, outcome: 'overtaken' })
}

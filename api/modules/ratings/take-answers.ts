/**
 * Ratings among what customers write: a tap in our menu, or the number of an option typed while the question is the last thing that was said.
 * They are no messages: nobody is asked to serve somebody who has just said that he is satisfied.
 */
import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { rate } from './answer.ts'
import { clickIn, numberIn } from './rules.ts'

export interface WrittenWords {
  /** Of the ledger's row. */
  eventId: string
  identityId: string
  text: string
  menuOptionId: string | null
}

interface Candidate {
  eventId: string
  identityId: string
  /** Null for a number: the newest invitation of that person is meant. */
  invitationId: string | null
  score: number
}

const candidatesIn = (words: readonly WrittenWords[]): Candidate[] =>
  words.flatMap(({ eventId, identityId, text, menuOptionId }): Candidate[] => {
    if (menuOptionId !== null) {
      const click = clickIn(menuOptionId)
      return click ? [{ eventId, identityId, invitationId: click.invitationId, score: click.score }] : []
    }
    const score = numberIn(text)
    return score === null ? [] : [{ eventId, identityId, invitationId: null, score }]
  })

/**
 * The caller holds the identities' locks. Asks the database only when something looks like an answer, whatever the size of the batch.
 * @returns ledger rows that were ratings, or came too late to be one
 */
export async function takeRatingAnswers(ctx: Ctx, words: readonly WrittenWords[]): Promise<ReadonlySet<string>> {
  const candidates = candidatesIn(words)
  if (candidates.length === 0) return new Set()
  const open = await openQuestions(ctx, candidates)
  const taken = new Set<string>()
  for (const candidate of candidates) {
    const question = open.get(candidate.eventId)
    if (question === undefined) continue
    taken.add(candidate.eventId)
    await answerOrSayLate(ctx, candidate, question)
  }
  return taken
}

const questionRows = z.object({ rows: z.array(z.object({ event_id: z.string(), invitation_id: z.string(), conversation_id: z.string() })) })
type Question = z.infer<typeof questionRows>['rows'][number]

/** A tap names its invitation, which must be his; a number counts only while nothing has been said since the question. One statement. */
async function openQuestions(ctx: Ctx, candidates: readonly Candidate[]): Promise<Map<string, Question>> {
  const { rows } = questionRows.parse(
    await ctx.trx.raw(
      `select c.event_id, i.id as invitation_id, i.conversation_id
       from json_to_recordset(?::json) as c(event_id uuid, identity_id uuid, invitation_id uuid)
       cross join lateral (
         select i.id, i.conversation_id from rating_invitations i
         where i.identity_id = c.identity_id and i.id = c.invitation_id and i.message_id is not null
         union all
         (select i.id, i.conversation_id from rating_invitations i join messages m on m.id = i.message_id
          where i.identity_id = c.identity_id and c.invitation_id is null and i.form = 'menu' and i.expires_at > app_now()
            and not exists (select 1 from ratings r where r.invitation_id = i.id)
            and not exists (select 1 from messages said where said.conversation_id = i.conversation_id and said.seq > m.seq
                              and said.direction in ('inbound', 'outbound'))
            and not exists (select 1 from conversations v where v.identity_id = i.identity_id and v.created_at > i.created_at)
          order by i.created_at desc limit 1)) i`,
      [
        JSON.stringify(
          candidates.map(({ eventId, identityId, invitationId }) => ({
            event_id: eventId,
            identity_id: identityId,
            invitation_id: invitationId,
          })),
        ),
      ],
    ),
  )
  return new Map(rows.map((row) => [row.event_id, row]))
}

async function answerOrSayLate(ctx: Ctx, { eventId, score }: Candidate, question: Question): Promise<void> {
  try {
    await rate(ctx, question.invitation_id, { score, reasons: [] })
  } catch (error) {
    // These are told before anything is written, so the batch goes on.
    if (!(error instanceof Conflict || error instanceof Invalid || error instanceof NotFound)) throw error
    ctx.emit({ name: 'rating.refused', subjectId: question.conversation_id, payload: { eventId, code: error.code } })
  }
}

import type { Knex } from 'knex'
import { z } from 'zod'
import type { Locale } from '../../../contract/identity.ts'
import { type MessagePart, messagePartSchema } from '../../../contract/message.ts'
import type { transcriptRequest } from '../../../contract/search.ts'
import { type Ctx, inTransaction, type StaffActor } from '../../../core/context.ts'
import { Forbidden } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { companySettings } from '../../settings/index.ts'
import { loadConversation, type LoadedConversation } from '../load-conversations.ts'
import { conversationFor } from '../policy.ts'
import { partText, readable, type TranscriptWords, wordsFor } from './words.ts'

export interface TranscriptLine {
  at: string
  author: string
  side: 'customer' | 'staff' | 'note'
  text: string
  /** Stored pictures, to be shown where the format can. */
  images: string[]
}
export interface Transcript {
  id: string
  words: TranscriptWords
  facts: [label: string, value: string][]
  /** A line above everything when notes are in it. */
  warning: string | null
  count: number
  lines(): AsyncGenerator<TranscriptLine>
}

type Request = z.output<typeof transcriptRequest>

/**
 * What an export will show, audited before any of it is handed out.
 * @throws NotFound; Forbidden without the permission for notes
 */
export async function openTranscript(ctx: Ctx<StaffActor>, id: string, { format, notes, locale }: Request): Promise<Transcript> {
  if (notes && !ctx.actor.permissions.has('conversations.export_notes')) throw new Forbidden('forbidden', 'notes stay inside')
  await conversationFor(ctx, id, 'view')
  const { row, conversation } = await loadConversation(ctx.app, ctx.trx, id, ctx.now, ctx.actor.accountId)
  const language = locale ?? 'zh-CN'
  const words = wordsFor(language)
  const { timeZone } = await companySettings(ctx)
  const time = timesIn(timeZone, language)
  const customer = conversation.customer.name ?? `${words.unnamed} ${conversation.customer.tail}`
  await inTransaction(
    ctx.app,
    ctx.actor,
    (inner) =>
      record(inner, {
        action: 'conversation.exported',
        object: { kind: 'conversation', id, label: customer },
        context: { format, notes, lastSeq: row.last_seq },
      }),
    ctx.source,
  )
  return {
    id,
    words,
    facts: factsOf(row, { words, time, customer, timeZone, by: ctx.actor.name, now: ctx.now }),
    warning: notes ? words.withNotes : null,
    count: row.last_seq,
    lines: () => linesOf(ctx.app.db, { id, upTo: row.last_seq, notes, words, time, customer }),
  }
}

const timesIn = (timeZone: string, _locale: Locale) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return (at: Date) => format.format(at)
}

interface Wording {
  words: TranscriptWords
  time(at: Date): string
  customer: string
}

function factsOf(row: LoadedConversation, told: Wording & { timeZone: string; by: string; now: Date }): [string, string][] {
  const { words, time } = told
  return [
    [words.customer, told.customer],
    [words.channel, row.channel_name],
    [words.agent, row.assignee_name ?? '–'],
    [words.from, time(row.created_at)],
    [words.to, row.closed_at ? time(row.closed_at) : words.open],
    [words.exportedBy, told.by],
    [words.exportedAt, `${time(told.now)}  ${words.zone} ${told.timeZone}`],
  ]
}

const PAGE = 200
const rows = z.object({
  rows: z.array(
    z.object({
      seq: z.number(),
      direction: z.enum(['inbound', 'outbound', 'note']),
      author_kind: z.enum(['customer', 'agent', 'system', 'bot']),
      author_name: z.string().nullable(),
      parts: z.array(messagePartSchema),
      delivery_state: z.string().nullable(),
      recalled: z.boolean(),
      created_at: z.date(),
    }),
  ),
})
type Row = z.infer<typeof rows>['rows'][number]

/** Page by page, so that a long conversation never lies in memory as a whole. What is whispered or written by the product is not in it. */
async function* linesOf(
  trx: Knex,
  { id, upTo, notes, ...wording }: Wording & { id: string; upTo: number; notes: boolean },
): AsyncGenerator<TranscriptLine> {
  for (let after = 0; ;) {
    const page = rows.parse(
      await trx.raw(
        `select x.seq, x.direction, x.author_kind, w.name as author_name, x.parts, x.delivery_state, x.recalled_at is not null as recalled, x.created_at
         from messages x left join accounts w on x.author_kind = 'agent' and w.id = x.author_id
         where x.conversation_id = ? and x.seq > ? and x.seq <= ? and x.direction = any(?::text[]) and not (x.direction = 'note' and x.author_kind = 'system')
         order by x.seq limit ${PAGE}`,
        [id, after, upTo, notes ? ['inbound', 'outbound', 'note'] : ['inbound', 'outbound']],
      ),
    ).rows
    for (const row of page) yield lineOf(row, wording)
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.seq
  }
}

const storedImage = (part: MessagePart): string[] =>
  part.type === 'image' && part.media.status === 'ready' && part.media.attachmentId !== undefined ? [part.media.attachmentId] : []

function lineOf(row: Row, { words, time, customer }: Wording): TranscriptLine {
  const said = row.recalled ? words.recalled : row.parts.map((part) => partText(part, words)).join('\n')
  const state = row.delivery_state === 'failed' ? ` ${words.failed}` : ''
  return {
    at: time(row.created_at),
    author: readable(authorOf(row, words, customer)),
    side: row.direction === 'note' ? 'note' : row.direction === 'inbound' ? 'customer' : 'staff',
    text: readable(`${said}${state}`),
    images: row.recalled ? [] : row.parts.flatMap(storedImage),
  }
}

function authorOf(row: Row, words: TranscriptWords, customer: string): string {
  if (row.author_kind === 'customer') return customer
  if (row.direction === 'note') return `${row.author_name ?? ''} · ${words.note}`
  return row.author_name ?? words.bot
}

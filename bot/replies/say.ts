/** One line of the product's own, in the words of the account, with what is known put in. */
import { z } from 'zod'
import type { AutoText } from '#api/contract/consultation.ts'
import type { Locale } from '#api/contract/identity.ts'
import type { MessagePart } from '#api/contract/message.ts'
import type { Ctx, SystemActor } from '#api/core/context.ts'
import { accountsOf, kindOf } from '#api/modules/channels/index.ts'
import {
  type ConversationRow,
  fillText,
  formLink,
  LEAVE_OPTION,
  optionId,
  settingsOf,
  speak,
  speaksEnglish,
  type Speech,
  type Spoken,
  spokenOpening,
  spokenWait,
  startStates,
  type StartState,
  NO_START,
  textFor,
  type TextValues,
} from '#api/modules/conversations/index.ts'
import { queueRuleFor } from '#api/modules/routing/index.ts'
import type { Facts } from './occasions.ts'

type SystemCtx = Ctx<SystemActor>

interface Channel {
  livePage: boolean
  menus: boolean
}

async function channelOf(ctx: SystemCtx, row: ConversationRow): Promise<Channel> {
  const entry = kindOf(ctx.app, (await accountsOf(ctx.app).get(row.channel_account_id, ctx.trx)).kind)
  return { livePage: entry.identify !== undefined, menus: entry.capabilities.parts.includes('menu') }
}

export async function factsOf(ctx: SystemCtx, row: ConversationRow): Promise<Facts> {
  const { livePage } = await channelOf(ctx, row)
  const assignments: unknown = await ctx
    .trx('assignments')
    .where({ work_kind: 'conversation', work_id: row.id })
    .limit(2)
    .pluck<string[]>('id')
  return { status: row.status, waitingFor: row.waiting_for, served: z.array(z.string()).parse(assignments).length > 1, livePage }
}

export interface Line {
  text: AutoText
  importance: Speech['importance']
  /** Names the fact: said once. */
  key: string
}

/**
 * Says it, where the account's settings want it said and the channel still lets us. The caller has locked the row.
 * @returns null when it is switched off
 */
export async function say(ctx: SystemCtx, row: ConversationRow, line: Line): Promise<Spoken | null> {
  const settings = await settingsOf(ctx, row.channel_account_id)
  const words = textFor(settings.texts, line.text)
  const own = await queueWords(ctx, row, line.text)
  if (own === '' || (own === null && !words.on)) return null
  const locale: Locale = (await speaksEnglish(ctx, row.id)) ? 'en' : 'zh-CN'
  const template = own ?? (locale === 'en' ? words.en : words.zh)
  if (template.trim() === '') return null
  const start = (await startStates(ctx, [row])).get(row.id) ?? NO_START
  const text = fillText(template, await valuesFor(ctx, row, { start, locale }))
  const parts = partsFor(line.text, text, { row, start, locale, channel: await channelOf(ctx, row), ctx })
  return speak(ctx, row, { key: line.key, parts, importance: line.importance })
}

const QUEUE_TEXTS: ReadonlyMap<AutoText, 'queued' | 'moved' | 'overflow'> = new Map([
  ['queued', 'queued'],
  ['queue_moved', 'moved'],
  ['overflow', 'overflow'],
])

/** A queue with words of its own is told in them; '' says nothing, null leaves it to the account. */
async function queueWords(ctx: SystemCtx, row: ConversationRow, text: AutoText): Promise<string | null> {
  const name = QUEUE_TEXTS.get(text)
  return name === undefined ? null : (await queueRuleFor(ctx, row.team_id)).texts[name]
}

const namesRow = z.object({
  rows: z.tuple([
    z.object({ customer: z.string().nullable(), agent: z.string().nullable(), team: z.string().nullable(), time_zone: z.string() }),
  ]),
})

async function valuesFor(
  ctx: SystemCtx,
  row: ConversationRow,
  { start, locale }: { start: StartState; locale: Locale },
): Promise<TextValues> {
  const answer: unknown = await ctx.trx.raw(
    // His own name: what colleagues call him among themselves must not reach him.
    `select c.name as customer, a.name as agent, t.name as team, s.time_zone
     from customers c cross join company_settings s left join accounts a on a.id = ? left join teams t on t.id = ? where c.id = ?`,
    [row.assignee_id, row.team_id, row.customer_id],
  )
  const [names] = namesRow.parse(answer).rows
  const { queue, offHours } = start
  const opensAt = offHours?.opensAt ?? null
  return {
    customer: names.customer ?? '',
    agent: names.agent ?? '',
    team: names.team ?? '',
    ...(queue
      ? {
          position: String(queue.position),
          ahead: String(queue.position - 1),
          estimate: spokenWait(queue.estimateSeconds, locale),
          minutes: queue.estimateSeconds === null ? '' : String(Math.max(1, Math.ceil(queue.estimateSeconds / 60))),
        }
      : {}),
    opening: spokenOpening(opensAt === null ? null : new Date(opensAt), names.time_zone, locale),
    form: formLink(ctx.app.config, row.id, ctx.now),
  }
}

interface Said {
  row: ConversationRow
  start: StartState
  locale: Locale
  channel: Channel
  ctx: SystemCtx
}

/** What may be clicked where the channel has menus; else it is said how to answer. On our own page the buttons stand beside the words. */
function partsFor(name: AutoText, text: string, { row, start, locale, channel, ctx }: Said): MessagePart[] {
  const english = locale === 'en'
  if (channel.livePage) return [{ type: 'text', text }]
  if (name === 'choice') {
    const options = (start.choices?.options ?? []).map((team) => ({ id: optionId(team.teamId), text: team.name }))
    return asked(text, options, channel)
  }
  if (name === 'off_hours' || name === 'overflow') {
    const link = formLink(ctx.app.config, row.id, ctx.now)
    const withLink = text.includes(link) ? text : `${text}\n${link}`
    if (name === 'overflow') return [{ type: 'text', text: withLink }]
    return [
      {
        type: 'text',
        text: `${withLink}\n${english ? 'Answer "wait" to be served once we open.' : '回复“等待”，上班后按顺序为您安排客服。'}`,
      },
    ]
  }
  if (name === 'queued') return asked(text, [{ id: LEAVE_OPTION, text: english ? 'Leave the queue' : '取消排队' }], channel)
  return [{ type: 'text', text }]
}

const asked = (text: string, options: { id: string; text: string }[], { menus }: Channel): MessagePart[] =>
  menus && options.length > 0
    ? [{ type: 'menu', head: text.slice(0, 1024), options }]
    : [{ type: 'text', text: [text, ...options.map((option, index) => `${index + 1}. ${option.text}`)].join('\n') }]

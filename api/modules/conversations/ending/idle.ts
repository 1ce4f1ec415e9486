/**
 * Conversations whose customer has gone silent (BP-004.8): warned, then ended. What is due stands in the database, so an outage delays it and
 * loses nothing; under the row's lock each step is asked for again, so that two workers, or a customer who writes that moment, never both win.
 */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { pageByPage } from '../../../core/one-by-one.ts'
import { announceConversation } from '../announce.ts'
import { appendNotice } from '../append-message.ts'
import { endConversation } from '../close-conversation.ts'
import { ConversationRow } from '../model.ts'
import { sayTemplate } from './auto-text.ts'
import { type Rules, rulesFor } from './rules.ts'

const AT_ONCE = 200
const dueRows = z.object({ rows: z.array(z.object({ id: z.string() })) })

/**
 * Due by the rules that hold for it. Not one whose customer waits for an answer, nor one that its agent has put aside for later, nor one where words
 * are kept until the customer writes. The few columns stand in the row: no index moves with a message.
 */
const DUE = `select v.id from conversations v
  cross join (select idle_warn_minutes, idle_close_minutes from conversation_rules where team_id is null and channel_account_id is null) d
  left join conversation_rules t on t.team_id = v.team_id
  left join conversation_rules a on a.channel_account_id = v.channel_account_id
  where v.status = 'open' and v.kind = 'direct' and v.waiting_since is null and v.answered_at is not null
    and coalesce(t.idle_warn_minutes, a.idle_warn_minutes, d.idle_warn_minutes) > 0
    and case when v.idle_warned_at is null
          then v.answered_at + coalesce(t.idle_warn_minutes, a.idle_warn_minutes, d.idle_warn_minutes) * interval '1 minute' <= app_now()
          else v.idle_warned_at + coalesce(t.idle_close_minutes, a.idle_close_minutes, d.idle_close_minutes) * interval '1 minute' <= app_now() end
    and not (v.snoozed_by is not null and v.snoozed_by = v.assignee_id and v.snoozed_until > app_now())
    and not exists (select 1 from deliveries h where h.identity_id = v.identity_id and h.state = 'held')`

const anyRule = z.object({ rows: z.tuple([z.object({ any: z.boolean() })]) })

export async function closeIdle(app: App): Promise<void> {
  const { rows: asked } = anyRule.parse(
    await app.db.raw(`select exists (select 1 from conversation_rules where idle_warn_minutes > 0) as any`),
  )
  if (!asked[0].any) return
  await pageByPage(app, 'conversations.idle_not_ended', {
    atOnce: AT_ONCE,
    page: async (after) => dueRows.parse(await app.db.raw(`${DUE} and v.id > ? order by v.id limit ?`, [after, AT_ONCE])).rows,
    step: (id) => inTransaction(app, SYSTEM, (ctx) => stepOf(ctx, id)),
  })
}

/** One step, if it is still due. */
async function stepOf(ctx: Ctx, id: string): Promise<void> {
  const row = await ConversationRow.query(ctx.trx).findById(id).forNoKeyUpdate().skipLocked()
  if (!row) return
  const { rows } = dueRows.parse(await ctx.trx.raw(`${DUE} and v.id = ?`, [id]))
  if (rows.length === 0) return
  const rules = await rulesFor(ctx, row)
  if (row.idle_warned_at === null) await warn(ctx, row, rules)
  // Without a pause between, it ends at once.
  if (row.idle_warned_at !== null && isOver(row.idle_warned_at, rules, ctx.now)) await end(ctx, row, rules)
}

const isOver = (warnedAt: Date, { idleCloseMinutes }: Rules, now: Date): boolean =>
  warnedAt.getTime() + idleCloseMinutes * 60_000 <= now.getTime()

async function warn(ctx: Ctx, row: ConversationRow, rules: Rules): Promise<void> {
  const template = rules.idleCloseMinutes > 0 ? rules.texts.idleWarning : { zh: '', en: '' }
  // A second silence after another answer is another warning.
  const key = `idle-warning:${row.answered_at?.toISOString() ?? ''}`
  await sayTemplate(ctx, row, { key, template, minutes: rules.idleCloseMinutes })
  await row.$query(ctx.trx).patch({ idle_warned_at: ctx.now })
}

async function end(ctx: Ctx, row: ConversationRow, rules: Rules): Promise<void> {
  const said = await sayTemplate(ctx, row, { key: 'closed', template: rules.texts.idleClosed })
  // The agent sees that the customer was not told, and why.
  if ('refused' in said && said.refused !== 'none') {
    const line = await appendNotice(
      ctx,
      row,
      said.refused === 'reply_window_closed' ? 'closing_text_window_closed' : 'closing_text_not_sent',
    )
    await announceConversation(ctx, row.id, { created: [line] })
  }
  await endConversation(ctx, row, 'idle')
}

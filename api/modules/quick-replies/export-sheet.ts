import type { Readable } from 'node:stream'
import { QUICK_REPLY_COLUMNS, type QuickReplyColumn, type QuickReplyScope } from '../../contract/quick-reply.ts'
import type { Locale } from '../../contract/identity.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type SheetFormat, sheetStream } from '../../core/spreadsheets/write-sheet.ts'
import { record } from '../audit/index.ts'
import { Account } from '../identity/index.ts'
import { ReplyRow } from './model.ts'
import { shelfFor } from './policy.ts'
import { presentReplies } from './present.ts'
import { NEXT_TEXT } from './read-sheet.ts'
import { STATE_WORDS, titleOf, writePath } from './sheet-columns.ts'
import { writeVariables } from './sheet-variables.ts'
import { MAX_REPLIES } from './write-replies.ts'

const WIDTHS: Partial<Record<QuickReplyColumn, number>> = { text: 60, linkUrl: 30, title: 24, category: 20 }

const localeOf = async (ctx: Ctx<StaffActor>): Promise<Locale> =>
  (await Account.query(ctx.trx).findById(ctx.actor.accountId).select('locale'))?.locale ?? 'zh-CN'

const columnsIn = (locale: Locale) => QUICK_REPLY_COLUMNS.map((column) => ({ title: titleOf(column, locale), width: WIDTHS[column] ?? 14 }))

/** A shelf as a sheet that can be changed and imported again. Files are named nowhere: they stay with their replies. @throws NotFound */
export async function exportSheet(
  ctx: Ctx<StaffActor>,
  request: { scope: QuickReplyScope; teamId?: string | undefined; format: SheetFormat },
): Promise<Readable> {
  const shelf = await shelfFor(ctx, request, 'view')
  const locale = await localeOf(ctx)
  const rows = await ReplyRow.query(ctx.trx).where({ holder: shelf.holder }).orderBy(['position', 'id']).limit(MAX_REPLIES)
  const replies = await presentReplies(ctx, rows)
  if (shelf.scope !== 'personal')
    await record(ctx, {
      action: 'quick_replies.exported',
      object: { kind: 'quick_replies', id: shelf.team_id },
      context: { scope: shelf.scope, replies: replies.length, format: request.format },
    })
  return sheetStream(request.format, {
    name: 'quick-replies',
    columns: columnsIn(locale),
    rows: replies.map(({ categoryPath, code, title, parts, variables, disabled }) => {
      const link = parts.find((part) => part.type === 'link')
      const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
      const state = STATE_WORDS[disabled ? 'disabled' : 'active'][locale]
      return [
        writePath(categoryPath),
        code,
        title,
        texts.join(NEXT_TEXT),
        link?.title ?? null,
        link?.url ?? null,
        writeVariables(variables, locale),
        state,
      ]
    }),
  })
}

/** Headings only: an example would be imported. */
export const templateSheet = async (ctx: Ctx<StaffActor>, format: SheetFormat): Promise<Readable> =>
  sheetStream(format, { name: 'quick-replies', columns: columnsIn(await localeOf(ctx)), rows: [] })

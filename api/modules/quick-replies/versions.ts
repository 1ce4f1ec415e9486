/** What a reply said before (BP-016.4): every change of its content stands beside it and can be brought back. */
import type { QuickReplyVersion } from '../../contract/quick-reply.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { Account } from '../identity/index.ts'
import { type ReplyRow, VersionRow } from './model.ts'
import { partsForStaff } from './parts.ts'

/** Of one reply this many are shown; older ones are in the audit trail. */
const SHOWN = 100

type Content = Pick<ReplyRow, 'id' | 'title' | 'code' | 'parts' | 'variables'>

export const contentOf = ({ title, code, parts, variables }: Content) => ({ title, code, parts, variables })
export const sameContent = (a: Content, b: Content): boolean => JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b))

/** In one statement, however many replies. */
export async function rememberVersions(ctx: Ctx, replies: readonly Content[], reason: QuickReplyVersion['reason']): Promise<void> {
  if (replies.length === 0) return
  const rows = replies.map((reply) => ({ reply_id: reply.id, ...contentOf(reply) }))
  await ctx.trx.raw(
    `insert into quick_reply_versions (reply_id, number, reason, title, code, parts, variables, actor_id, created_at)
     select t.reply_id, coalesce((select max(number) from quick_reply_versions v where v.reply_id = t.reply_id), 0) + 1,
       :reason, t.title, t.code, t.parts, t.variables, :actor::uuid, :now
     from json_to_recordset(:rows::json) as t(reply_id uuid, title text, code text, parts jsonb, variables jsonb)`,
    { reason, actor: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null, now: ctx.now, rows: JSON.stringify(rows) },
  )
}

/** The newest first. */
export async function versionsOf(ctx: Ctx, replyId: string): Promise<QuickReplyVersion[]> {
  const rows = await VersionRow.query(ctx.trx).where({ reply_id: replyId }).orderBy('number', 'desc').limit(SHOWN)
  const actors = rows.flatMap((row) => row.actor_id ?? [])
  const people = await Account.query(ctx.trx)
    .whereIn('id', [...new Set(actors)])
    .select('id', 'name')
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return rows.map((row) => ({
    number: row.number,
    reason: row.reason,
    title: row.title,
    code: row.code,
    parts: partsForStaff(row.parts),
    variables: row.variables,
    by: row.actor_id === null ? null : { id: row.actor_id, name: names.get(row.actor_id) ?? '' },
    at: row.created_at.toISOString(),
  }))
}

/** @throws NotFound */
export async function versionFor(ctx: Ctx, replyId: string, number: number): Promise<VersionRow> {
  const row = await VersionRow.query(ctx.trx).findById([replyId, number])
  if (!row) throw new NotFound('version')
  return row
}

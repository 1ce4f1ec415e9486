/** What a conversation was about, noted by who handled it (BP-004.8). */
import { z } from 'zod'
import type { WrapField, WrapUp, WrapUpInput } from '../../../contract/ending.ts'
import { WRAP_RESULTS } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Invalid } from '../../../core/errors.ts'
import { checkTags } from '../../customers/index.ts'
import { checkEntry } from '../../settings/index.ts'
import { announceConversation } from '../announce.ts'
import type { ConversationRow } from '../model.ts'
import { conversationFor, refuseOthers } from '../policy.ts'
import { rulesFor } from './rules.ts'

/** The caller holds the row's lock. Fields that are left out stay. @throws Invalid `entry_unknown`, `entry_disabled`, `tag_unknown` */
export async function writeWrapUp(ctx: Ctx<StaffActor>, row: ConversationRow, input: WrapUpInput): Promise<void> {
  if (input.categoryId) await checkEntry(ctx, 'issue_type', input.categoryId, row.wrap_category_id)
  if (input.tagIds) await setConversationTags(ctx, row.id, await checkTags(ctx, input.tagIds))
  const summary = input.summary?.trim()
  await row.$query(ctx.trx).patch({
    ...(input.categoryId === undefined ? {} : { wrap_category_id: input.categoryId }),
    ...(input.result === undefined ? {} : { wrap_result: input.result }),
    ...(input.summary === undefined ? {} : { wrap_summary: summary === '' ? null : (summary ?? null) }),
    wrapped_at: ctx.now,
    wrapped_by: ctx.actor.accountId,
  })
}

const setConversationTags = (ctx: Ctx, conversationId: string, tagIds: readonly string[]) =>
  ctx.trx.raw(
    `with gone as (delete from conversation_tags where conversation_id = ? and tag_id <> all(?::uuid[]))
     insert into conversation_tags (conversation_id, tag_id) select ?, id from unnest(?::uuid[]) as t(id) on conflict do nothing`,
    [conversationId, [...tagIds], conversationId, [...tagIds]],
  )

/** @throws Invalid `wrap_up_required` with `{ missing }` */
export async function refuseWithoutWrapUp(ctx: Ctx, row: ConversationRow, required: readonly WrapField[]): Promise<void> {
  if (required.length === 0) return
  const tagged: unknown =
    required.includes('tags') && (await ctx.trx('conversation_tags').where({ conversation_id: row.id }).first('tag_id'))
  const filled: Record<WrapField, boolean> = {
    category: row.wrap_category_id !== null,
    result: row.wrap_result !== null,
    summary: row.wrap_summary !== null,
    tags: Boolean(tagged),
  }
  const missing = required.filter((field) => !filled[field])
  if (missing.length > 0) throw new Invalid('wrap_up_required', 'the rules ask for a wrap-up', { missing })
}

/** Also after the end: one that ended by itself has none yet. @throws Forbidden for who neither had it nor assigns */
export async function changeWrapUp(ctx: Ctx<StaffActor>, id: string, input: WrapUpInput): Promise<void> {
  const row = await conversationFor(ctx, id, 'note')
  await refuseOthers(ctx, row)
  await writeWrapUp(ctx, row, input)
  await row.$query(ctx.trx).patch({ version: row.version + 1, updated_at: ctx.now })
  ctx.emit({ name: 'conversation.wrapped_up', subjectId: id, payload: { by: ctx.actor.accountId } })
  await announceConversation(ctx, id)
}

const loaded = z.object({
  rows: z.tuple([
    z.object({
      category_id: z.string().nullable(),
      label_zh: z.string().nullable(),
      label_en: z.string().nullable(),
      result: z.enum(WRAP_RESULTS).nullable(),
      summary: z.string().nullable(),
      wrapped_at: z.date().nullable(),
      by_id: z.string().nullable(),
      by_name: z.string().nullable(),
      tags: z.array(z.object({ id: z.string(), name: z.string(), color: z.string() })),
    }),
  ]),
})

export async function wrapUpOf(ctx: Ctx<StaffActor>, id: string): Promise<WrapUp> {
  const conversation = await conversationFor(ctx, id, 'view')
  const { rows } = loaded.parse(
    await ctx.trx.raw(
      `select e.id as category_id, e.label_zh, e.label_en, v.wrap_result as result, v.wrap_summary as summary, v.wrapped_at, a.id as by_id, a.name as by_name,
         (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.name), '[]')
          from conversation_tags w join customer_tags t on t.id = w.tag_id where w.conversation_id = v.id) as tags
       from conversations v left join dictionary_entries e on e.id = v.wrap_category_id left join accounts a on a.id = v.wrapped_by where v.id = ?`,
      [id],
    ),
  )
  const [{ category_id, label_zh, label_en, result, summary, wrapped_at, by_id, by_name, tags }] = rows
  return {
    category: category_id === null ? null : { id: category_id, labelZh: label_zh ?? '', labelEn: label_en ?? '' },
    result,
    tags,
    summary,
    by: by_id === null ? null : { id: by_id, name: by_name ?? '' },
    at: wrapped_at?.toISOString() ?? null,
    required: [...(await rulesFor(ctx, conversation)).wrapUpRequired],
  }
}

import { z } from 'zod'
import { MAX_WORDS, type moderationWordQuery, type moderationWordsChange, type wordsChangedSchema } from '../../contract/moderation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { readRows } from '../../core/spreadsheets/read-rows.ts'
import { record } from '../audit/index.ts'
import { bumpVersion, oneList } from './lists.ts'
import { ListRow } from './model.ts'
import { patternOf } from './normalise.ts'

export const MAX_SHEET_BYTES = 5 * 1024 * 1024
const LONGEST_WORD = 50
const wordRows = z.array(z.object({ word: z.string(), pattern: z.string() }))

/** Cursors carry an id beside the key; words have none. */
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** In the order of how they are looked for. */
export async function listWords(
  ctx: Ctx,
  listId: string,
  query: z.infer<typeof moderationWordQuery>,
): Promise<{ data: string[]; nextCursor: string | null }> {
  await oneList(ctx, listId)
  const after = decodeCursor(query.cursor)
  const rows = wordRows.parse(
    await ctx
      .trx('moderation_words')
      .where({ list_id: listId })
      .modify((builder) => {
        if (after) void builder.where('pattern', '>', after.key)
        const sought = query.q === undefined ? '' : patternOf(query.q)
        if (sought !== '') void builder.whereLike('pattern', `%${sought.replace(/[\\%_]/g, '\\$&')}%`)
      })
      .select('word', 'pattern')
      .orderBy('pattern')
      .limit(query.limit + 1),
  )
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return { data: rows.slice(0, query.limit).map(({ word }) => word), nextCursor: last ? encodeCursor(last.pattern, NO_ID) : null }
}

const counted = z.object({ rows: z.tuple([z.object({ added: z.coerce.number(), removed: z.coerce.number() })]) })

function readable(words: readonly string[]): { word: string; pattern: string }[] {
  const byPattern = new Map<string, string>()
  for (const word of words.map((each) => each.trim())) {
    const pattern = patternOf(word)
    if (pattern !== '' && [...pattern].length <= LONGEST_WORD && word.length <= LONGEST_WORD && !byPattern.has(pattern))
      byPattern.set(pattern, word)
  }
  return [...byPattern].map(([pattern, word]) => ({ word, pattern }))
}

/** Adding what is there and removing what is not change nothing. @throws NotFound; Conflict `limit_reached` */
export async function changeWords(
  ctx: Ctx<StaffActor>,
  listId: string,
  { add, remove }: z.infer<typeof moderationWordsChange>,
): Promise<z.infer<typeof wordsChangedSchema>> {
  await bumpVersion(ctx)
  const row = await ListRow.query(ctx.trx).findById(listId).forNoKeyUpdate()
  if (!row) throw new NotFound('word list')
  const wanted = readable(add)
  const gone = remove.map(patternOf)
  const [{ added, removed }] = counted.parse(
    await ctx.trx.raw(
      `with gone as (delete from moderation_words where list_id = ? and pattern = any(?::text[]) returning 1),
            put as (insert into moderation_words (list_id, word, pattern, created_at)
                    select ?, word, pattern, app_now() from json_to_recordset(?::json) as t(word text, pattern text)
                    on conflict do nothing returning 1)
       select (select count(*) from put) as added, (select count(*) from gone) as removed`,
      [listId, gone, listId, JSON.stringify(wanted.filter(({ pattern }) => !gone.includes(pattern)))],
    ),
  ).rows
  await refuseTooMany(ctx)
  if (added + removed > 0)
    await record(ctx, {
      action: 'moderation_list.words_changed',
      object: { kind: 'moderation_list', id: listId, label: row.name },
      context: { added, removed },
    })
  const { words } = await oneList(ctx, listId)
  return { added, removed, ignored: add.length - added, words }
}

async function refuseTooMany(ctx: Ctx): Promise<void> {
  const rows = z.array(z.object({ count: z.coerce.number() })).parse(await ctx.trx('moderation_words').count({ count: '*' }))
  if ((rows[0]?.count ?? 0) > MAX_WORDS) throw new Conflict('limit_reached', 'too many words in all lists together', { limit: MAX_WORDS })
}

const TITLES: ReadonlySet<string> = new Set(['敏感词', '词语', '词', 'word', 'words', 'sensitive word', 'sensitive words'])

/** The first column of a sheet, with a heading or without. @throws Invalid `spreadsheet_unreadable`, `spreadsheet_too_large` */
export async function readWordSheet(data: Buffer): Promise<string[]> {
  const words: string[] = []
  for await (const { cells } of readRows(data, { maxRows: MAX_WORDS + 1 })) {
    const word = (cells[0] ?? '').trim()
    if (word === '' || (words.length === 0 && TITLES.has(word.toLowerCase()))) continue
    words.push(word)
  }
  return words
}

export async function* wordsOf(ctx: Ctx, listId: string): AsyncGenerator<string[]> {
  let after = ''
  for (;;) {
    const rows = wordRows.parse(
      await ctx
        .trx('moderation_words')
        .where({ list_id: listId })
        .where('pattern', '>', after)
        .select('word', 'pattern')
        .orderBy('pattern')
        .limit(2000),
    )
    for (const { word } of rows) yield [word]
    const last = rows.at(-1)
    if (!last || rows.length < 2000) return
    after = last.pattern
  }
}

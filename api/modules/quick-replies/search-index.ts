/**
 * What is searched of every reply, in the process: thousands are compared at each key in milliseconds, with 拼音 and typing errors, which no index of the
 * database answers. A shelf is read again when its revision has grown, so one cheap statement tells whether what is here still holds.
 */
import { z } from 'zod'
import type { QuickReplyScope } from '../../contract/quick-reply.ts'
import type { App } from '../../core/app.ts'
import type { Ctx } from '../../core/context.ts'
import { normal, type Searched } from './match.ts'
import { ReplyRow } from './model.ts'

export interface IndexedReply extends Searched {
  id: string
  scope: QuickReplyScope
  disabled: boolean
  position: number
}
interface IndexedShelf {
  revision: string
  replies: readonly IndexedReply[]
}

/** Of a text; who looks for words further down finds the reply by its title. */
const TEXT_LETTERS = 600
/** Replies held at most; shelves that were not asked for longest go first. */
const MOST_HELD = 60_000

/** By installation: tests run several in one process. */
const shelvesOf = new WeakMap<App, Map<string, IndexedShelf>>()

const revisions = z.array(z.object({ holder: z.string(), revision: z.string() }))

/** Everything on these shelves, disabled ones too. One statement, and one more when something has changed. */
export async function indexedReplies(ctx: Ctx, holders: readonly string[]): Promise<IndexedReply[]> {
  const held = shelvesOf.get(ctx.app) ?? new Map<string, IndexedShelf>()
  shelvesOf.set(ctx.app, held)
  const now = revisions.parse(
    await ctx
      .trx('quick_reply_revisions')
      .select('holder', ctx.trx.raw('revision::text as revision'))
      .whereIn('holder', [...holders]),
  )
  const stale = now.filter(({ holder, revision }) => held.get(holder)?.revision !== revision)
  const read = await readShelves(
    ctx,
    stale.map(({ holder }) => holder),
  )
  for (const { holder, revision } of stale) held.set(holder, { revision, replies: read.get(holder) ?? [] })
  const shelves = now.flatMap(({ holder }) => {
    const shelf = held.get(holder)
    if (!shelf) return []
    held.delete(holder)
    held.set(holder, shelf)
    return [shelf]
  })
  forgetOldest(held)
  return shelves.flatMap(({ replies }) => replies)
}

/** Read after the revision: what is here may be newer than it says, which costs a second reading, and never older. */
async function readShelves(ctx: Ctx, holders: readonly string[]): Promise<Map<string, IndexedReply[]>> {
  const shelves = new Map<string, IndexedReply[]>(holders.map((holder) => [holder, []]))
  if (holders.length === 0) return shelves
  const rows = await ReplyRow.query(ctx.trx)
    .whereIn('holder', [...holders])
    .select('id', 'scope', 'holder', 'code', 'title', 'spoken', 'parts', 'disabled', 'position')
  for (const row of rows) shelves.get(row.holder)?.push(indexed(row))
  return shelves
}

const indexed = ({ id, scope, code, title, spoken, parts, disabled, position }: ReplyRow): IndexedReply => ({
  id,
  scope,
  disabled,
  position,
  code: normal(code ?? ''),
  title: normal(title),
  spoken,
  text: normal(parts.map((part) => (part.type === 'text' ? part.text : part.type === 'link' ? part.title : '')).join('\n')).slice(
    0,
    TEXT_LETTERS,
  ),
})

function forgetOldest(held: Map<string, IndexedShelf>): void {
  let count = 0
  for (const { replies } of held.values()) count += replies.length
  for (const [holder, { replies }] of held) {
    if (count <= MOST_HELD) return
    held.delete(holder)
    count -= replies.length
  }
}

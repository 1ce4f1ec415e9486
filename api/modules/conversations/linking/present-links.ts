import type { Knex } from 'knex'
import { z } from 'zod'
import { type ConversationLink, LINK_UNDO_DAYS } from '../../../contract/linking.ts'
import type { Ctx } from '../../../core/context.ts'

const row = z.object({
  id: z.string(),
  kind: z.enum(['merge', 'split']),
  from_id: z.string(),
  into_id: z.string(),
  linked_by: z.string(),
  by_name: z.string(),
  linked_at: z.date(),
  undone_at: z.date().nullable(),
  undone_by: z.string().nullable(),
  undone_name: z.string().nullable(),
})

export const undoUntil = (linkedAt: Date): Date => new Date(linkedAt.getTime() + LINK_UNDO_DAYS * 86_400_000)

const select = (trx: Knex) =>
  trx('conversation_links as l')
    .join('accounts as b', 'b.id', 'l.linked_by')
    .leftJoin('accounts as u', 'u.id', 'l.undone_by')
    .select('l.*', 'b.name as by_name', 'u.name as undone_name')
    .orderBy([
      { column: 'l.linked_at', order: 'desc' },
      { column: 'l.id', order: 'desc' },
    ])

const present = (one: z.infer<typeof row>): ConversationLink => ({
  id: one.id,
  kind: one.kind,
  fromId: one.from_id,
  intoId: one.into_id,
  by: { id: one.linked_by, name: one.by_name },
  at: one.linked_at.toISOString(),
  undoneAt: one.undone_at?.toISOString() ?? null,
  undoneBy: one.undone_by === null ? null : { id: one.undone_by, name: one.undone_name ?? '' },
  undoUntil: undoUntil(one.linked_at).toISOString(),
})

export async function presentLink(ctx: Ctx, id: string): Promise<ConversationLink> {
  const [found] = z.array(row).parse(await select(ctx.trx).where('l.id', id))
  if (!found) throw new Error('link vanished')
  return present(found)
}

const MOST = 100

/** What was merged into it or it into, what was split off it and from what it was split: newest first. */
export const linksOf = async (ctx: Ctx, conversationId: string): Promise<ConversationLink[]> =>
  z
    .array(row)
    .parse(
      await select(ctx.trx)
        .where((either) => either.where('l.from_id', conversationId).orWhere('l.into_id', conversationId))
        .limit(MOST),
    )
    .map(present)

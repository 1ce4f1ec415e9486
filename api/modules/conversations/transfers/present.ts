import type { Knex } from 'knex'
import { z } from 'zod'
import { TRANSFER_STATES, type Transfer } from '../../../contract/transfer.ts'
import type { Ctx } from '../../../core/context.ts'
import { NOTE_TEXT } from './open-transfer.ts'

const row = z.object({
  id: z.string(),
  conversation_id: z.string(),
  state: z.enum(TRANSFER_STATES),
  from_account_id: z.string(),
  from_name: z.string(),
  offered_by: z.string(),
  by_name: z.string(),
  to_account_id: z.string().nullable(),
  to_name: z.string().nullable(),
  to_team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  note: z.string().nullable(),
  offered_at: z.date(),
  expires_at: z.date().nullable(),
  decided_at: z.date().nullable(),
  decided_by: z.string().nullable(),
  decided_name: z.string().nullable(),
  reason: z.string().nullable(),
  version: z.number(),
})

const select = (trx: Knex) =>
  trx('conversation_transfers as t')
    .join('accounts as f', 'f.id', 't.from_account_id')
    .join('accounts as b', 'b.id', 't.offered_by')
    .leftJoin('accounts as o', 'o.id', 't.to_account_id')
    .leftJoin('teams as m', 'm.id', 't.to_team_id')
    .leftJoin('accounts as d', 'd.id', 't.decided_by')
    .leftJoin('messages as n', (on) => on.on('n.conversation_id', 't.conversation_id').andOn('n.seq', 't.note_seq'))
    .select('t.*', 'f.name as from_name', 'b.name as by_name', 'o.name as to_name', 'm.name as team_name', 'd.name as decided_name')
    .select(trx.raw(`${NOTE_TEXT} as note`))
    .orderBy([
      { column: 't.offered_at', order: 'desc' },
      { column: 't.id', order: 'desc' },
    ])

const present = (one: z.infer<typeof row>): Transfer => ({
  id: one.id,
  conversationId: one.conversation_id,
  state: one.state,
  from: { id: one.from_account_id, name: one.from_name },
  by: { id: one.offered_by, name: one.by_name },
  to:
    one.to_account_id === null
      ? { kind: 'team', id: one.to_team_id ?? '', name: one.team_name ?? '' }
      : { kind: 'agent', id: one.to_account_id, name: one.to_name ?? '' },
  note: one.note,
  offeredAt: one.offered_at.toISOString(),
  expiresAt: one.expires_at?.toISOString() ?? null,
  decidedAt: one.decided_at?.toISOString() ?? null,
  decidedBy: one.decided_by === null ? null : { id: one.decided_by, name: one.decided_name ?? '' },
  reason: one.reason,
  version: one.version,
})

export async function presentTransfer(ctx: Ctx, id: string): Promise<Transfer> {
  const [found] = z.array(row).parse(await select(ctx.trx).where('t.id', id))
  if (!found) throw new Error('transfer vanished')
  return present(found)
}

/** Newest first. */
export const transfersOf = async (ctx: Ctx, conversationId: string, limit: number): Promise<Transfer[]> =>
  z
    .array(row)
    .parse(await select(ctx.trx).where('t.conversation_id', conversationId).limit(limit))
    .map(present)

const MOST_RUNNING = 100

/** Running offers that he is asked about, has made, or that are about what he holds. */
export const runningTransfersOf = async (ctx: Ctx, accountId: string): Promise<Transfer[]> =>
  z
    .array(row)
    .parse(
      await select(ctx.trx)
        .where('t.state', 'offered')
        .where((mine) =>
          mine.where('t.to_account_id', accountId).orWhere('t.offered_by', accountId).orWhere('t.from_account_id', accountId),
        )
        .limit(MOST_RUNNING),
    )
    .map(present)

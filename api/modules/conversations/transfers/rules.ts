import type { Knex } from 'knex'
import { z } from 'zod'
import type { transferRulesRequest, transferRulesSchema } from '../../../contract/transfer.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'

const rows = z.array(z.object({ accept_seconds: z.number(), version: z.number() })).length(1)
type Rules = z.infer<typeof transferRulesSchema>

export async function transferRules(trx: Knex, lock: 'lock' | 'read' = 'read'): Promise<Rules> {
  const query = trx('transfer_rules').select('accept_seconds', 'version')
  const [row] = rows.parse(await (lock === 'lock' ? query.forUpdate() : query))
  return { acceptSeconds: row?.accept_seconds ?? 60, version: row?.version ?? 1 }
}

/** For offers made from now on; those that run keep their time. @throws Conflict `version_conflict` */
export async function changeTransferRules(ctx: Ctx<StaffActor>, input: z.infer<typeof transferRulesRequest>): Promise<Rules> {
  const before = await transferRules(ctx.trx, 'lock')
  if (before.version !== input.version) throw new Conflict('version_conflict', 'somebody else changed this', { version: before.version })
  const changes = changesOf({ acceptSeconds: before.acceptSeconds }, { acceptSeconds: input.acceptSeconds })
  if (!changes) return before
  await ctx.trx('transfer_rules').update({ accept_seconds: input.acceptSeconds, version: before.version + 1, updated_at: ctx.now })
  await record(ctx, { action: 'transfer_rules.changed', object: { kind: 'transfer_rules' }, ...changes })
  return { acceptSeconds: input.acceptSeconds, version: before.version + 1 }
}

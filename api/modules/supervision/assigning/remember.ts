/** One decision, sent however often, is made once and answered alike. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type AssignmentResult, assignmentResultSchema } from '../../../contract/supervision.ts'
import type { App } from '../../../core/app.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'

const stored = z.object({ request_digest: z.instanceof(Buffer), result: assignmentResultSchema.nullable() })

/**
 * Takes the key for this request. Two at once meet at the row: the second waits for the first and gets its answer.
 * @returns the answer given before; null: this is the first
 * @throws Conflict `idempotency_mismatch` when the key was used for something else
 */
export async function takeKey(ctx: Ctx<StaffActor>, clientKey: string, request: unknown): Promise<AssignmentResult | null> {
  const key = { account_id: ctx.actor.accountId, client_key: clientKey }
  const digest = createHash('sha256').update(JSON.stringify(request)).digest()
  const taken = await ctx
    .trx('assignment_batches')
    .insert({ ...key, request_digest: digest, created_at: ctx.now })
    .onConflict(['account_id', 'client_key'])
    .ignore()
    .returning('client_key')
  if (taken.length > 0) return null
  const row = stored.parse(await ctx.trx('assignment_batches').where(key).select('request_digest', 'result').first())
  if (!row.request_digest.equals(digest)) throw new Conflict('idempotency_mismatch', 'this key was used for another decision')
  return row.result
}

export const keepResult = (ctx: Ctx<StaffActor>, clientKey: string, result: AssignmentResult) =>
  ctx
    .trx('assignment_batches')
    .where({ account_id: ctx.actor.accountId, client_key: clientKey })
    .update({ result: JSON.stringify(result) })

const KEEP_DAYS = 7

export const forgetBatches = async (app: App): Promise<void> =>
  void (await app.db.raw(`delete from assignment_batches where created_at < app_now() - interval '${KEEP_DAYS} days'`))

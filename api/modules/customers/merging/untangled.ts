import { z } from 'zod'
import { type Ctx, inTransaction, type StaffActor } from '../../../core/context.ts'

const DEADLOCK = '40P01'
const TRIES = 3
const coded = z.object({ code: z.string() })
const wrapped = z.object({ nativeError: coded })

const isDeadlock = (error: unknown): boolean =>
  coded.safeParse(error).data?.code === DEADLOCK || wrapped.safeParse(error).data?.nativeError.code === DEADLOCK

/**
 * Runs a merge in its own transaction. Whoever changes one of the customers at this moment may hold him while he waits for a key that we
 * hold: PostgreSQL then ends one of the two. If that was us, nothing was kept, and it is done again.
 */
export async function untangled<T>(ctx: Ctx<StaffActor>, work: (inside: Ctx<StaffActor>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(ctx.app, ctx.actor, work, ctx.source)
    } catch (error) {
      if (attempt === TRIES || !isDeadlock(error)) throw error
    }
  }
}

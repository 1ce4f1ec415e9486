/** Part of a transaction that may fail or be taken back by itself, with all that would have followed its commit. */
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { AppError } from '../../../core/errors.ts'

type Attempt<T> = { done: true; value: T } | { done: false; error: AppError }

class TakenBack extends Error {}

/**
 * Runs `work` behind a savepoint. What it emits, pushes and plans counts only when it succeeds, so a refused row leaves no trace.
 * Anything but a refusal (`AppError`) ends the whole transaction.
 */
export async function attempt<T>(ctx: Ctx<StaffActor>, work: (inner: Ctx<StaffActor>) => Promise<T>): Promise<Attempt<T>> {
  const later: (() => void)[] = []
  try {
    const value = await ctx.trx.transaction((trx) =>
      work({
        ...ctx,
        trx,
        emit: (event) => void later.push(() => ctx.emit(event)),
        push: (...pushes) => void later.push(() => ctx.push(...pushes)),
        wake: (topic) => void later.push(() => ctx.wake(topic)),
        afterCommit: (run) => void later.push(() => ctx.afterCommit(run)),
      }),
    )
    for (const tell of later) tell()
    return { done: true, value }
  } catch (error) {
    if (error instanceof AppError) return { done: false, error }
    throw error
  }
}

/** The act itself, taken back: nothing is kept of it but what it would have answered. */
export async function rehearse<T>(ctx: Ctx<StaffActor>, work: (inner: Ctx<StaffActor>) => Promise<T>): Promise<Attempt<T>> {
  const kept: { value: T }[] = []
  try {
    const failed = await attempt(ctx, async (inner) => {
      kept.push({ value: await work(inner) })
      throw new TakenBack('all of it')
    })
    // `attempt` ends only by the refusal of the work: what succeeded was thrown back.
    if (!failed.done) return failed
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
  const [done] = kept
  if (!done) throw new Error('a rehearsal without an end')
  return { done: true, value: done.value }
}

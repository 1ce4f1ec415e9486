/** What PostgreSQL refused, by the name of the constraint that did. */
import { z } from 'zod'

const refusal = z.object({ code: z.string(), constraint: z.string() })
const wrapped = z.object({ nativeError: refusal })

/** 23P01: two rows that exclude each other; 23505: two of what may be once. */
export function refusedBy(error: unknown): string | null {
  const plain = refusal.safeParse(error)
  const native = plain.success ? plain.data : wrapped.safeParse(error).data?.nativeError
  return native && (native.code === '23P01' || native.code === '23505') ? native.constraint : null
}

/** Runs `work`; a refusal by this constraint becomes the error that `explain` makes. Within a transaction, that transaction is lost. */
export async function explaining<T>(
  constraints: Readonly<Record<string, () => Error | Promise<Error>>>,
  work: () => PromiseLike<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const explain = constraints[refusedBy(error) ?? '']
    throw explain ? await explain() : error
  }
}

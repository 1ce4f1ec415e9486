import { failureCode, type FailureCode } from '../../../api/http.ts'

export interface Outcome<T> {
  done: number
  failed: { row: T; code: FailureCode }[]
}

/** The same change for several rows, one after the other: each stands or falls by itself. Stops when the network is gone. */
export const oneByOne = async <T>(
  rows: readonly T[],
  change: (row: T) => Promise<unknown>,
  onStep: (finished: number) => void = () => undefined,
): Promise<Outcome<T>> => {
  const outcome: Outcome<T> = { done: 0, failed: [] }
  for (const [index, row] of rows.entries()) {
    try {
      await change(row)
      outcome.done += 1
    } catch (error) {
      const code = failureCode(error)
      outcome.failed.push({ row, code })
      if (code === 'offline') {
        outcome.failed.push(...rows.slice(index + 1).map((left) => ({ row: left, code })))
        break
      }
    }
    onStep(index + 1)
  }
  return outcome
}

import type { RelationBulkResult } from '../../api/relations.ts'
import { toast } from '../toast.ts'
import { useWords } from '../use-words.ts'

/** Each row stands or falls by itself: how many went through, and why the first of the others did not. */
export const useBulkWords = () => {
  const { t, errorCode } = useWords()
  return ({ done, failed, rows }: RelationBulkResult): void => {
    const reason = rows.find((row) => row.error !== null)?.error ?? null
    if (reason === null) toast.done(t('relation.bulkDone', { n: done }))
    else toast.failed(t('relation.bulkPartly', { n: done, failed, reason: errorCode(reason.code, reason.context) }))
  }
}

import type { QuickReply } from '#api/contract/quick-reply.ts'
import { isApiError } from '../../api/http.ts'

const isReply = (value: unknown): value is QuickReply =>
  typeof value === 'object' && value !== null && 'parts' in value && 'version' in value

/** What somebody else made of it meanwhile, out of the refusal that said so. */
export const theirsIn = (thrown: unknown): QuickReply | null => {
  if (!isApiError(thrown) || thrown.code !== 'version_conflict') return null
  const { theirs } = thrown.context
  return isReply(theirs) ? theirs : null
}

/** What becomes of the visitor that a browser was before somebody signed in on it. */
import type { Ctx, CustomerActor } from '../../../core/context.ts'
import { hasConversation } from '../../conversations/index.ts'

const ANONYMOUS = 'anon:'

/** A visitor of this page whom nobody has vouched for: neither his site nor a login. */
export const isAnonymousAt = (visitor: CustomerActor, pageId: string): boolean =>
  visitor.channelAccountId === pageId && visitor.session.method === null && visitor.externalId.startsWith(ANONYMOUS)

export interface KeptVisitor {
  customerId: string
  identityId: string
  hasWritten: boolean
}

/**
 * The visitor who goes along. One who has written does only when the person says that it was him: on a device that several people
 * use, the last one's words must not become the next one's. Everybody else stays behind, as he is.
 */
export async function visitorToKeep(
  ctx: Ctx,
  visitor: CustomerActor | null,
  pageId: string,
  keepConversation: boolean,
): Promise<KeptVisitor | null> {
  if (!visitor || !isAnonymousAt(visitor, pageId)) return null
  const hasWritten = await hasConversation(ctx, visitor.identityId)
  if (hasWritten && !keepConversation) return null
  return { customerId: visitor.customerId, identityId: visitor.identityId, hasWritten }
}

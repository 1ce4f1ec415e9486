import type { FollowUpVisibility } from '../../../contract/ticket-follow-up.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { sha256 } from '../../../core/secrets.ts'
import type { TicketRow } from '../model.ts'
import { FollowUpRow } from './model.ts'

export interface NewFollowUp {
  clientKey: string
  visibility: FollowUpVisibility
  text: string
  attachmentIds: readonly string[]
  mentions: readonly { id: string; name: string }[]
  by: { accountId: string } | { identityId: string }
}

const digestOf = ({ visibility, text, attachmentIds, mentions }: NewFollowUp) =>
  sha256(JSON.stringify([visibility, text, [...attachmentIds].sort(), mentions.map(({ id }) => id).sort()]))

/**
 * The row alone, once for each key; the caller has locked the ticket.
 * @returns whether it is new
 * @throws Conflict `idempotency_mismatch` for a key that was used for something else, or by somebody else
 */
export async function keepFollowUp(
  ctx: Ctx,
  ticket: Pick<TicketRow, 'id'>,
  given: NewFollowUp,
): Promise<{ row: FollowUpRow; isNew: boolean }> {
  const accountId = 'accountId' in given.by ? given.by.accountId : null
  const identityId = 'identityId' in given.by ? given.by.identityId : null
  const digest = digestOf(given)
  const known = await FollowUpRow.query(ctx.trx).findOne({ ticket_id: ticket.id, client_key: given.clientKey })
  if (known) {
    if (known.account_id === accountId && known.identity_id === identityId && known.request_digest.equals(digest))
      return { row: known, isNew: false }
    throw new Conflict('idempotency_mismatch', 'this client key was used for another follow-up')
  }
  const row = await FollowUpRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    ticket_id: ticket.id,
    visibility: given.visibility,
    author_kind: accountId === null ? 'customer' : 'staff',
    account_id: accountId,
    identity_id: identityId,
    body: given.text.trim(),
    mentions: [...given.mentions],
    client_key: given.clientKey,
    request_digest: digest,
    created_at: ctx.now,
  })
  return { row, isNew: true }
}

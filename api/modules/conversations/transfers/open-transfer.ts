/** The running offer as a column of the conversation it is about: looked for only where `offered_to` says that there is one. */
import { z } from 'zod'
import type { Conversation } from '../../../contract/conversation.ts'

const person = z.object({ id: z.string(), name: z.string() })
export const openTransferRow = z
  .object({
    id: z.string(),
    from: person,
    by: person,
    to: person,
    note: z.string().nullable(),
    offeredAt: z.coerce.date(),
    expiresAt: z.coerce.date(),
  })
  .nullable()

/** Words for the next one are the note that was written with the offer. */
export const NOTE_TEXT = `n.parts #>> '{0,text}'`

export const OPEN_TRANSFER = `case when v.offered_to is null then null else (
  select json_build_object('id', t.id, 'from', json_build_object('id', f.id, 'name', f.name), 'by', json_build_object('id', b.id, 'name', b.name),
    'to', json_build_object('id', o.id, 'name', o.name), 'note', ${NOTE_TEXT}, 'offeredAt', t.offered_at, 'expiresAt', t.expires_at)
  from conversation_transfers t
  join accounts f on f.id = t.from_account_id join accounts b on b.id = t.offered_by join accounts o on o.id = t.to_account_id
  left join messages n on n.conversation_id = t.conversation_id and n.seq = t.note_seq
  where t.conversation_id = v.id and t.state = 'offered') end`

export const presentOpenTransfer = (row: z.infer<typeof openTransferRow>): Conversation['transfer'] =>
  row && {
    ...row,
    to: { kind: 'agent', ...row.to },
    offeredAt: row.offeredAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }

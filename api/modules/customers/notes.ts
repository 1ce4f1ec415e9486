/** Notes about a customer, outside any conversation. Only their author changes or removes them. */
import type { CustomerNote } from '../../contract/customer.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Forbidden, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { type CustomerRow, NoteRow } from './model.ts'
import { checkVersion, customerFor } from './policy.ts'
import { shownName } from './shown-name.ts'

/** For the trail: about whom. The words stay where personal data lives. */
const objectOf = (customer: CustomerRow) => ({ kind: 'customer', id: customer.id, label: shownName(customer) })

export async function addNote(ctx: Ctx<StaffActor>, customerId: string, text: string): Promise<CustomerNote> {
  const customer = await customerFor(ctx, customerId, 'change')
  const row = await NoteRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    customer_id: customerId,
    author_id: ctx.actor.accountId,
    text: text.trim(),
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await record(ctx, { action: 'customer.note_added', object: objectOf(customer), context: { noteId: row.id } })
  return present(ctx, row)
}

/** @throws NotFound; Forbidden for somebody else's; Conflict `version_conflict` */
export async function changeNote(ctx: Ctx<StaffActor>, place: NotePlace, input: { text: string; version: number }): Promise<CustomerNote> {
  const { row, customer } = await ownNote(ctx, place, input.version)
  const changed = await row.$query(ctx.trx).patchAndFetch({ text: input.text.trim(), version: row.version + 1, updated_at: ctx.now })
  await record(ctx, { action: 'customer.note_changed', object: objectOf(customer), context: { noteId: row.id } })
  return present(ctx, changed)
}

export async function removeNote(ctx: Ctx<StaffActor>, place: NotePlace, version: number): Promise<void> {
  const { row, customer } = await ownNote(ctx, place, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, {
    action: 'customer.note_removed',
    object: objectOf(customer),
    context: { noteId: row.id, writtenAt: row.created_at.toISOString() },
  })
}

interface NotePlace {
  customerId: string
  noteId: string
}

async function ownNote(ctx: Ctx<StaffActor>, { customerId, noteId }: NotePlace, version: number) {
  const customer = await customerFor(ctx, customerId, 'change')
  const row = await NoteRow.query(ctx.trx).findOne({ id: noteId, customer_id: customerId }).forUpdate()
  if (!row) throw new NotFound('note')
  if (row.author_id !== ctx.actor.accountId) throw new Forbidden('forbidden', 'somebody else wrote this note')
  checkVersion(row, version)
  return { row, customer }
}

const present = (ctx: Ctx<StaffActor>, row: NoteRow): CustomerNote => ({
  id: row.id,
  text: row.text,
  author: { id: ctx.actor.accountId, name: ctx.actor.name },
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
})

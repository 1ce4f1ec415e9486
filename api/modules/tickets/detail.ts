/** One ticket with all that its page shows (BP-006.1). */
import { z } from 'zod'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { FormField, FormValues } from '../../contract/ticket-type.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { ConversationRow, readableBy } from '../conversations/index.ts'
import { ticketFiles } from './files.ts'
import { presentTickets } from './load.ts'
import { type TicketRow, TicketTypeRow } from './model.ts'
import { openMoves, staffRoles } from './moves.ts'
import { ticketFor, ticketPowers, ticketReach } from './policy.ts'
import { shownRelations } from './relations.ts'
import { shownWatchers } from './watchers.ts'

/** @throws NotFound outside the reader's scope */
export async function ticketDetail(ctx: Ctx<StaffActor>, id: string): Promise<TicketDetail> {
  const row = await ticketFor(ctx, id, 'view')
  const [ticket] = await presentTickets(ctx.trx, [id])
  if (!ticket) throw new NotFound('ticket')
  const reach = await ticketReach(ctx)
  const type = await TicketTypeRow.query(ctx.trx).findById(row.type_id).throwIfNotFound()
  const powers = ticketPowers(ctx.actor, reach, row)
  return {
    ...ticket,
    description: row.description,
    fields: row.fields,
    entries: await entriesOf(ctx, type.fields, row.fields),
    solution: row.solution,
    closeReason: row.close_reason,
    watchers: await shownWatchers(ctx, row),
    files: await ticketFiles(ctx, id),
    relations: await shownRelations(ctx, row, reach),
    messages: await ctx.trx('ticket_messages').where({ ticket_id: id }).count({ count: '*' }).first().then(countOf),
    moves: openMoves(staffRoles(ctx.actor, reach, row), row, type.fields),
    may: {
      edit: powers.edit,
      comment: powers.comment,
      assign: powers.assign || powers.transfer,
      claim: powers.claim,
      merge: powers.merge,
      watch: true,
      openConversation: await mayOpen(ctx, row),
    },
  }
}

const countRow = z.object({ count: z.coerce.number() })
const countOf = (row: unknown): number => countRow.parse(row).count

async function mayOpen(ctx: Ctx<StaffActor>, row: TicketRow): Promise<boolean> {
  if (row.conversation_id === null || !ctx.actor.permissions.has('conversations.read')) return false
  const { sql, bindings } = await readableBy(ctx)
  const found = await ConversationRow.query(ctx.trx)
    .alias('v')
    .where('v.id', row.conversation_id)
    .whereRaw(sql, bindings)
    .select('v.id')
    .first()
  return found !== undefined
}

const entryRows = z.array(z.object({ id: z.string(), label_zh: z.string(), label_en: z.string() }))

/** What the ids in `dictionary` fields are called; entries that are disabled by now, too. */
async function entriesOf(ctx: Ctx, fields: readonly FormField[], values: FormValues): Promise<TicketDetail['entries']> {
  const ids = fields.flatMap((field) => {
    const value = values[field.key]
    return field.type === 'dictionary' && typeof value === 'string' ? [value] : []
  })
  if (ids.length === 0) return {}
  const rows = entryRows.parse(await ctx.trx('dictionary_entries').whereIn('id', ids).select('id', 'label_zh', 'label_en'))
  return Object.fromEntries(rows.map((row) => [row.id, { labelZh: row.label_zh, labelEn: row.label_en }]))
}

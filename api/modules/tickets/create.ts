/** Making tickets (BP-005), whoever does it: staff, customers, the product itself. */
import type { Priority } from '../../contract/priority.ts'
import type { FormField, FormValues } from '../../contract/ticket-type.ts'
import type { TicketSource } from '../../contract/ticket-status.ts'
import type { Ctx } from '../../core/context.ts'
import { Invalid } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { TeamRow } from '../teams/index.ts'
import { announceLater } from './announce.ts'
import { placeNew } from './assigning/place-new.ts'
import { checkForm, refuseMissing } from './form.ts'
import { recordTicketEvent } from './history.ts'
import { TicketRow, type TicketTypeRow } from './model.ts'
import { nextNumber } from './numbering.ts'
import { keepClocks } from './sla/keep-clocks.ts'
import { tidyTags } from './tags.ts'
import { checkType } from './types/ticket-type.ts'

export interface NewTicket {
  title: string
  description?: string
  typeId: string
  /** Default: the type's. */
  priority?: Priority | undefined
  fields?: FormValues
  tags?: readonly string[]
  /** Undefined: the type's; null: the general pool. */
  teamId?: string | null | undefined
  /** Who may name somebody is for the caller to say. */
  assigneeId?: string | null
  customerId?: string | null
  identityId?: string | null
  channelAccountId?: string | null
  conversationId?: string | null
  source: TicketSource
  /** So that the same request makes one ticket; looked for by the caller. */
  request?: { clientKey: string; digest: Buffer } | undefined
  /** What belongs to it from the start: files, messages, watchers. Its row is there, without anybody yet. */
  furnish?: (row: TicketRow) => Promise<void>
}

/** @throws Invalid `team_disabled` where nobody would look for it */
export async function checkTeam(ctx: Ctx, id: string | null): Promise<void> {
  if (id === null) return
  const team = await TeamRow.query(ctx.trx).findById(id).select('id', 'status', 'name')
  if (!team) throw new Invalid('invalid_request', 'no such team', { issues: [{ path: 'teamId', code: 'unknown', message: 'unknown' }] })
  if (team.status !== 'active')
    throw new Invalid('invalid_request', 'this team is disabled', { issues: [{ path: 'teamId', code: 'disabled', message: 'disabled' }] })
}

/** Customers fill in what is theirs to fill, where they see the form; what the product makes of something else asks for nothing. */
function fieldsAsked(ctx: Ctx, type: TicketTypeRow, source: TicketSource): FormField[] {
  if (ctx.actor.kind === 'staff') return type.fields
  return source === 'customer' && type.open_to_customers ? type.fields.filter((field) => field.forCustomers) : []
}

/**
 * Makes a ticket: numbered, given to somebody or put into the pool of its team, its clocks running. Emits `ticket.created`.
 * Customer, conversation and team are for the caller to check.
 * @throws Invalid `ticket_type_disabled`, `field_invalid`, `ticket_fields_missing`, `entry_unknown`, `entry_disabled`, `staff_not_active`
 */
export async function createTicket(ctx: Ctx, input: NewTicket): Promise<TicketRow> {
  const type = await checkType(ctx, input.typeId)
  const asked = fieldsAsked(ctx, type, input.source)
  const fields = await checkForm(ctx, ctx.actor.kind === 'customer' ? asked : type.fields, { typed: input.fields ?? {} })
  refuseMissing(asked, fields, 'new')
  const row = await insertTicket(ctx, input, { type, fields })
  await input.furnish?.(row)
  await recordTicketEvent(ctx, row, {
    kind: 'created',
    after: { title: row.title, priority: row.priority, type: { id: type.id, nameZh: type.name_zh, nameEn: type.name_en }, tags: row.tags },
    params: { source: row.source },
  })
  announceLater(ctx, row.id, row)
  await placeNew(ctx, row, { assigneeId: input.assigneeId ?? null })
  await keepClocks(ctx, [row.id], 'created')
  ctx.emit({ name: 'ticket.created', subjectId: row.id, payload: { source: row.source, typeId: type.id, customerId: row.customer_id } })
  return TicketRow.query(ctx.trx).findById(row.id).throwIfNotFound()
}

async function insertTicket(ctx: Ctx, input: NewTicket, { type, fields }: { type: TicketTypeRow; fields: FormValues }): Promise<TicketRow> {
  const teamId = input.teamId === undefined ? type.team_id : input.teamId
  const id = newId()
  const number = await nextNumber(ctx)
  await TicketRow.query(ctx.trx).insert({
    id,
    number,
    title: input.title.trim(),
    description: input.description ?? '',
    type_id: type.id,
    priority: input.priority ?? type.priority,
    status: 'new',
    status_since: ctx.now,
    team_id: teamId,
    customer_id: input.customerId ?? null,
    identity_id: input.identityId ?? null,
    channel_account_id: input.channelAccountId ?? null,
    conversation_id: input.conversationId ?? null,
    source: input.source,
    fields,
    tags: tidyTags(input.tags ?? []),
    created_by: ctx.actor.kind === 'staff' ? ctx.actor.accountId : null,
    client_key: input.request?.clientKey ?? null,
    request_digest: input.request?.digest ?? null,
    created_at: ctx.now,
    updated_at: ctx.now,
    last_activity_at: ctx.now,
  })
  return TicketRow.query(ctx.trx).findById(id).throwIfNotFound()
}

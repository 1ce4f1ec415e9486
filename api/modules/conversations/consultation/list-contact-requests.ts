import { z } from 'zod'
import { CONTACT_STATES, type ContactRequest, type contactRequestListQuery } from '../../../contract/consultation.ts'
import { messagePartSchema, type MessagePart } from '../../../contract/message.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { decodeTimeCursor, encodeCursor } from '../../../core/cursor.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { SHOWN_NAME } from '../../customers/index.ts'
import { teamIdsOf } from '../../teams/index.ts'
import { queuesReached } from '../readable.ts'

const rowSchema = z.object({
  id: z.string(),
  conversation_id: z.string(),
  customer_id: z.string(),
  customer_name: z.string().nullable(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  account_id: z.string(),
  account_kind: z.string(),
  account_name: z.string(),
  parts: z.array(messagePartSchema),
  status: z.enum(CONTACT_STATES),
  handled_by: z.string().nullable(),
  handler_name: z.string().nullable(),
  handled_at: z.date().nullable(),
  ticket_id: z.string().nullable(),
  created_at: z.date(),
  sort_key: z.string(),
  version: z.number(),
})

const select = (ctx: Pick<Ctx, 'trx'>) =>
  ctx
    .trx('contact_requests as r')
    .join('conversations as v', 'v.id', 'r.conversation_id')
    .join('customers as c', 'c.id', 'v.customer_id')
    .join('channel_accounts as a', 'a.id', 'v.channel_account_id')
    .join('messages as m', 'm.id', 'r.message_id')
    .leftJoin('teams as t', 't.id', 'r.team_id')
    .leftJoin('accounts as h', 'h.id', 'r.handled_by')
    .select('r.id', 'r.conversation_id', 'v.customer_id', 'r.team_id', 'm.parts', 'r.status', 'r.handled_by', 'r.handled_at', 'r.ticket_id')
    .select('r.created_at', 'r.version', ctx.trx.raw('r.created_at::text as sort_key'), ctx.trx.raw(`${SHOWN_NAME} as customer_name`))
    .select({ team_name: 't.name', account_id: 'a.id', account_kind: 'a.kind', account_name: 'a.name', handler_name: 'h.name' })

function present(row: z.infer<typeof rowSchema>): ContactRequest {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    customer: { id: row.customer_id, name: row.customer_name },
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    channel: { accountId: row.account_id, kind: row.account_kind, name: row.account_name },
    ...wordsIn(row.parts),
    status: row.status,
    handledBy: row.handled_by === null ? null : { id: row.handled_by, name: row.handler_name ?? '' },
    handledAt: row.handled_at?.toISOString() ?? null,
    ticketId: row.ticket_id,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

function wordsIn(parts: readonly MessagePart[]): Pick<ContactRequest, 'text' | 'name' | 'contact'> {
  const text = parts.find((part) => part.type === 'text')
  const details = parts.find((part) => part.type === 'notice')
  return { text: text?.text ?? '', name: String(details?.params['name'] ?? ''), contact: String(details?.params['contact'] ?? '') }
}

/** Those of no team, of one's own teams, and of teams that one reaches by one's data scope; null: all. */
async function withinScope(ctx: Ctx<StaffActor>): Promise<readonly string[] | null> {
  const reached = await queuesReached(ctx)
  return reached && [...reached, ...(await teamIdsOf(ctx.app, ctx.actor.accountId))]
}

type Query = z.infer<typeof contactRequestListQuery>

/** Newest first. */
export async function listContactRequests(
  ctx: Ctx<StaffActor>,
  query: Query,
): Promise<{ data: ContactRequest[]; nextCursor: string | null }> {
  const after = decodeTimeCursor(query.cursor)
  const teams = await withinScope(ctx)
  const found: unknown = await select(ctx)
    .modify((builder) => {
      if (teams) void builder.where((scope) => scope.whereNull('r.team_id').orWhereIn('r.team_id', [...teams]))
      if (query.status) void builder.where('r.status', query.status)
      if (query.teamId) void builder.where('r.team_id', query.teamId)
      if (after) void builder.whereRaw('(r.created_at, r.id) < (?::timestamptz, ?::uuid)', [after.key, after.id])
    })
    .orderBy([
      { column: 'r.created_at', order: 'desc' },
      { column: 'r.id', order: 'desc' },
    ])
    .limit(query.limit + 1)
  const rows = z.array(rowSchema).parse(found)
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return { data: shown.map(present), nextCursor: last ? encodeCursor(last.sort_key, last.id) : null }
}

/** Somebody has seen to it. @throws NotFound outside one's scope; Conflict `version_conflict` */
export async function markHandled(ctx: Ctx<StaffActor>, id: string, version: number): Promise<ContactRequest> {
  const teams = await withinScope(ctx)
  const one = async () => z.array(rowSchema).parse(await select(ctx).where('r.id', id))[0]
  const before = await one()
  if (!before || (teams && before.team_id !== null && !teams.includes(before.team_id))) throw new NotFound('contact request')
  const changed = await ctx
    .trx('contact_requests')
    .where({ id, version, status: 'open' })
    .update({ status: 'handled', handled_by: ctx.actor.accountId, handled_at: ctx.now, version: version + 1 })
  if (changed === 0) throw new Conflict('version_conflict', 'somebody else saw to it', { version: before.version })
  await record(ctx, {
    action: 'contact_request.handled',
    object: { kind: 'contact_request', id },
    before: { status: 'open' },
    after: { status: 'handled' },
  })
  const after = await one()
  if (!after) throw new Error('contact request vanished')
  return present(after)
}

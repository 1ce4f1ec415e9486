import type { z } from 'zod'
import { type helperRequest, MAX_HELPERS } from '../../../contract/helpers.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Forbidden, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../../identity/index.ts'
import { notify } from '../../notifications/index.ts'
import { announceConversation, audience } from '../announce.ts'
import { appendMessage, appendStaffNotice } from '../append-message.ts'
import { customerLabel } from '../customer-label.ts'
import type { ConversationRow, MessageRow } from '../model.ts'
import { readersOf } from '../oversight/who-sees.ts'
import { actionsFor, conversationFor } from '../policy.ts'
import { keepHelpers, leave } from './leaving-helpers.ts'

type Input = z.output<typeof helperRequest>

/**
 * A colleague is asked for help (BP-004): from now on he sees the conversation and writes notes, and answers where he may. He takes no place of
 * anybody's limit. Inviting him again changes what he may.
 * @throws Invalid `transfer_to_self`, `staff_not_active`; Conflict `limit_reached`, `conversation_not_assigned`, `conversation_closed`
 */
export async function inviteHelper(ctx: Ctx<StaffActor>, conversationId: string, input: Input): Promise<void> {
  const row = await conversationFor(ctx, conversationId, 'invite')
  const person = await colleague(ctx, row, input.accountId)
  const known = row.helpers?.find(({ id }) => id === person.id)
  if (known?.mayReply === input.mayReply) return
  if (known) return changeHelper(ctx, row, person, input.mayReply)
  if ((row.helpers?.length ?? 0) >= MAX_HELPERS) throw new Conflict('limit_reached', 'as many help already as may', { max: MAX_HELPERS })
  const lines = await noteLine(ctx, row, input.note)
  await ctx.trx('conversation_helpers').insert({
    id: newId(),
    conversation_id: row.id,
    account_id: person.id,
    may_reply: input.mayReply,
    invited_by: ctx.actor.accountId,
    invited_at: ctx.now,
  })
  await keepHelpers(ctx, row)
  lines.push(await appendStaffNotice(ctx, row, 'helper_invited', { by: ctx.actor.name, name: person.name }))
  await audit(ctx, row, 'conversation.helper_invited', { accountId: person.id, mayReply: input.mayReply })
  ctx.emit({ name: 'conversation.helper_invited', subjectId: row.id, payload: { accountId: person.id } })
  await notify(ctx, {
    to: [person.id],
    kind: 'helper.invited',
    params: { customer: await customerLabel(ctx, row), by: ctx.actor.name },
    link: `/workbench/${row.id}`,
    key: `helper.invited:${row.id}:${row.version}`,
  })
  await announceConversation(ctx, row.id, { created: lines })
}

async function colleague(ctx: Ctx<StaffActor>, row: ConversationRow, id: string): Promise<{ id: string; name: string }> {
  if (id === row.assignee_id) throw new Invalid('transfer_to_self', 'it is his already')
  const account = await Account.query(ctx.trx).findOne({ id, kind: 'staff' }).select('id', 'name')
  const [reader] = await readersOf(ctx.trx, account ? [account.id] : [])
  if (!account || reader?.permissions.has('conversations.read') !== true)
    throw new Invalid('staff_not_active', 'unknown, disabled, or without conversations', { accountIds: [id] })
  return account
}

async function changeHelper(ctx: Ctx<StaffActor>, row: ConversationRow, person: { id: string }, mayReply: boolean): Promise<void> {
  await ctx
    .trx('conversation_helpers')
    .where({ conversation_id: row.id, account_id: person.id })
    .whereNull('left_at')
    .update({ may_reply: mayReply })
  await keepHelpers(ctx, row)
  await audit(ctx, row, 'conversation.helper_changed', { accountId: person.id, mayReply })
  await announceConversation(ctx, row.id)
}

async function noteLine(ctx: Ctx<StaffActor>, row: ConversationRow, note = ''): Promise<MessageRow[]> {
  const text = note.trim()
  if (text === '') return []
  const author = { direction: 'note', authorKind: 'agent', authorId: ctx.actor.accountId } as const
  return [await appendMessage(ctx, row, { ...author, parts: [{ type: 'text', text }] })]
}

const audit = (ctx: Ctx, row: ConversationRow, action: string, context: Record<string, unknown>) =>
  record(ctx, { action, object: { kind: 'conversation', id: row.id }, context })

/** He leaves by himself, or who may invite sends him away. Who does not help cannot leave. @throws NotFound */
export async function removeHelper(ctx: Ctx<StaffActor>, conversationId: string, accountId: string): Promise<void> {
  const own = accountId === ctx.actor.accountId
  const row = await conversationFor(ctx, conversationId, 'note')
  if (!row.helpers?.some(({ id }) => id === accountId)) throw new NotFound('helper')
  if (!own && !(await actionsFor(ctx, row)).invite) throw new Forbidden('forbidden', 'only who invites sends away')
  const before = audience(row)
  await leave(ctx, row, [accountId], own ? 'left' : 'removed')
  const person = await Account.query(ctx.trx).findById(accountId).select('name').throwIfNotFound()
  const line = await appendStaffNotice(ctx, row, 'helper_left', { name: person.name })
  await audit(ctx, row, own ? 'conversation.helper_left' : 'conversation.helper_removed', { accountId })
  await announceConversation(ctx, row.id, { created: [line], before })
}

/** 离职继承: everything that hangs on a leaving colleague goes to a successor in one step, with a preview before (MOD-03). */
import { z } from 'zod'
import type { HandOver, HandOverPreview, handOverRequest } from '../../contract/organisation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../audit/index.ts'
import { Account, accountToManage, avatarUrl, lockAdministrators } from '../identity/index.ts'
import type { Leaving } from './hooks.ts'
import { memberFor } from './list-staff.ts'
import { Department } from './model.ts'
import { markLeft } from './staff-status.ts'
import { lockMember, objectOf } from './staff.ts'

const providersOf = (ctx: Ctx): Leaving[] => ctx.app.hooks.all('staff.leaving').flat()

export async function previewHandOver(ctx: Ctx<StaffActor>, id: string): Promise<HandOverPreview> {
  await memberFor(ctx, id)
  const items = []
  for (const { kind, count } of providersOf(ctx)) items.push({ kind, count: await count(ctx, id) })
  return { items }
}

const moves = z.array(z.object({ kind: z.string(), count: z.number() }))
const stored = z.object({ to_id: z.string(), moved: moves, created_at: z.date() })

/**
 * Hands everything over, then shuts the leaving colleague out: all of it or nothing. The same key again answers the same.
 * @throws Conflict `version_conflict`, `idempotency_mismatch`, `own_account`, `last_administrator`; NotFound; Forbidden `role_beyond_own`
 */
export async function handOver(ctx: Ctx<StaffActor>, id: string, request: z.output<typeof handOverRequest>): Promise<HandOver> {
  const member = await lockMember(ctx, id)
  const earlier = stored
    .optional()
    .parse(await ctx.trx('staff_handovers').where({ from_id: id, client_key: request.clientKey }).first('to_id', 'moved', 'created_at'))
  if (earlier) return replay(ctx, id, request.to, earlier)
  if (member.version !== request.version)
    throw new Conflict('version_conflict', 'somebody else changed this member of staff', { version: member.version })
  if (id === ctx.actor.accountId) throw new Conflict('own_account', 'nobody hands himself over')
  await lockAdministrators(ctx)
  await accountToManage(ctx, id)
  await checkSuccessor(ctx, id, request.to)
  const moved = []
  for (const provider of providersOf(ctx))
    moved.push({ kind: provider.kind, count: await provider.handOver(ctx, { from: id, to: request.to }) })
  await markLeft(ctx, member)
  const line = { to_id: request.to, moved, created_at: ctx.now }
  await ctx.trx('staff_handovers').insert({
    ...line,
    moved: JSON.stringify(moved),
    id: newId(),
    from_id: id,
    client_key: request.clientKey,
    created_by: ctx.actor.accountId,
  })
  const answer = await present(ctx, id, line)
  ctx.emit({ name: 'staff.handed_over', subjectId: id, payload: { to: request.to, by: ctx.actor.accountId } })
  await record(ctx, {
    action: 'staff.handed_over',
    object: objectOf(member),
    context: { to: answer.to.name, toId: request.to, moved: Object.fromEntries(moved.map(({ kind, count }) => [kind, count])) },
  })
  return answer
}

async function replay(ctx: Ctx, id: string, to: string, earlier: z.infer<typeof stored>): Promise<HandOver> {
  if (earlier.to_id !== to) throw new Conflict('idempotency_mismatch', 'this key was used with another successor')
  return present(ctx, id, earlier)
}

/** Within reach, at work, and not disabled before this is done. @throws NotFound */
async function checkSuccessor(ctx: Ctx<StaffActor>, from: string, to: string): Promise<void> {
  await memberFor(ctx, to)
  const account = await Account.query(ctx.trx).findOne({ id: to, kind: 'staff', status: 'active' }).forShare()
  if (!account || to === from) throw new NotFound('successor')
}

async function present(ctx: Ctx, from: string, line: z.infer<typeof stored>): Promise<HandOver> {
  const accounts = await Account.query(ctx.trx).whereIn('id', [from, line.to_id])
  const person = (id: string) => {
    const account = accounts.find((each) => each.id === id)
    if (!account) throw new NotFound('account')
    return { id, name: account.name, avatarUrl: avatarUrl(account.avatar_attachment_id) }
  }
  return { from: person(from), to: person(line.to_id), moved: line.moved, createdAt: line.created_at.toISOString() }
}

/** Departments he leads. */
export const ledDepartments: Leaving = {
  kind: 'departments',
  count: (ctx, accountId) => Department.query(ctx.trx).where({ leader_id: accountId }).resultSize(),
  handOver: async (ctx, { from, to }) =>
    Department.query(ctx.trx)
      .where({ leader_id: from })
      .patch({ leader_id: to, version: ctx.trx.raw('version + 1') }),
}

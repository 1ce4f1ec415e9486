import { inTransaction, readOnly, type Ctx, type StaffActor } from '../../core/context.ts'
import { record } from '../audit/index.ts'
import { confirmPassword } from './confirm-password.ts'
import { endSessions } from './end-sessions.ts'
import { Account, Session } from './model.ts'
import { type Admitted, openSession } from './open-session.ts'
import { setPassword } from './set-password.ts'

/** Who signed in by other means than the initial password so lately need not know it: it proves less than he has proven. */
const FIRST_CHANGE_MINUTES = 30

/**
 * Ends every session, the caller's too, and gives him a new one: who copied the old id has nothing (BP-002.5).
 * @returns `fresh`: a context that sees the change
 * @throws Invalid `password_wrong`, `password_weak`, `password_reused`; RateLimited `account_locked`
 */
export async function changePassword(
  ctx: Ctx<StaffActor>,
  input: { current?: string | undefined; password: string },
): Promise<Admitted & { fresh: Ctx<StaffActor> }> {
  if (input.current !== undefined || !(await hasJustComeOtherwise(ctx))) await confirmPassword(ctx, input.current ?? '')
  const admitted = await inTransaction(
    ctx.app,
    ctx.actor,
    async (inside): Promise<Admitted> => {
      const { accountId, sessionId, name } = ctx.actor
      const account = await setPassword(inside, accountId, input.password)
      const session = await Session.query(inside.trx).findById(sessionId).throwIfNotFound()
      const sessions = await endSessions(inside, accountId)
      await record(inside, { action: 'password.changed', object: { kind: 'account', id: accountId, label: name }, context: { sessions } })
      return { token: await openSession(inside, account, session.method), account }
    },
    ctx.source,
  )
  return { ...admitted, fresh: await readOnly(ctx.app, ctx.actor, ctx.source) }
}

async function hasJustComeOtherwise({ app, actor, now }: Ctx<StaffActor>): Promise<boolean> {
  const { must_change_password: initial } = await Account.query(app.db).findById(actor.accountId).throwIfNotFound()
  const session = await Session.query(app.db).findById(actor.sessionId).throwIfNotFound()
  return initial && session.method !== 'password' && now.getTime() - session.created_at.getTime() <= FIRST_CHANGE_MINUTES * 60_000
}

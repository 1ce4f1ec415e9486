import { UniqueViolationError } from 'objection'
import { inTransaction, type Ctx, type StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { maskPhone, parsePhone } from '../../core/phone.ts'
import { record } from '../audit/index.ts'
import { checkCode } from './codes/check-code.ts'
import { confirmOwner } from './confirm-password.ts'
import { Account } from './model.ts'
import { checkWaysIn } from './ways-in.ts'

/**
 * Only who holds the phone learns that another account has it.
 * @throws Invalid `password_wrong`, `code_invalid`, `code_expired`; RateLimited `account_locked`, `too_many_tries`; Conflict `phone_taken`
 */
export async function bindPhone(
  ctx: Ctx<StaffActor>,
  { password, ...input }: { phone: string; code: string; password?: string | undefined },
): Promise<void> {
  const phone = parsePhone(input.phone)
  await confirmOwner(ctx, password)
  await checkCode(ctx.app, { ...input, purpose: 'bind_phone' })
  await inTransaction(
    ctx.app,
    ctx.actor,
    async (inside) => {
      const before = await Account.query(inside.trx).findById(ctx.actor.accountId).forNoKeyUpdate().throwIfNotFound()
      await takePhone(inside, before, phone)
      await record(inside, {
        action: 'phone.bound',
        object: { kind: 'account', id: before.id, label: before.name },
        before: { phone: before.phone && maskPhone(before.phone) },
        after: { phone: maskPhone(phone) },
      })
    },
    ctx.source,
  )
}

/** Two who prove the same number at once: the unique index lets one have it. */
async function takePhone(ctx: Ctx, account: Account, phone: string): Promise<void> {
  try {
    await account.$query(ctx.trx).patch({ phone, phone_proven_at: ctx.now, version: account.version + 1 })
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('phone_taken', 'this number belongs to another account')
    throw error
  }
}

/** @throws Conflict `last_way_in` */
export async function unbindPhone(ctx: Ctx<StaffActor>): Promise<void> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).forNoKeyUpdate().throwIfNotFound()
  if (account.phone === null) return
  await checkWaysIn(ctx, account, 'phone')
  await account.$query(ctx.trx).patch({ phone: null, phone_proven_at: null, version: account.version + 1 })
  await record(ctx, {
    action: 'phone.unbound',
    object: { kind: 'account', id: account.id, label: account.name },
    before: { phone: maskPhone(account.phone) },
    after: { phone: null },
  })
}

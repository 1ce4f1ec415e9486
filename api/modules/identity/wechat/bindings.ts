/** Which account a person on WeChat belongs to. The unionid joins what different applications call him. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { inTransaction, type Ctx, type RequestSource, type StaffActor, SYSTEM } from '../../../core/context.ts'
import { Conflict, Unauthenticated } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { admit } from '../admit.ts'
import { record } from '../../audit/index.ts'
import { Account } from '../model.ts'
import type { Admitted } from '../open-session.ts'
import { checkWaysIn } from '../ways-in.ts'
import type { WechatPerson } from './scans.ts'

const holders = z.array(z.object({ account_id: z.string(), app_id: z.string(), openid: z.string() }))

async function bindingsOf(ctx: Ctx, { appId, openid, unionid }: WechatPerson) {
  return holders.parse(
    await ctx
      .trx('wechat_bindings')
      .where({ app_id: appId, openid })
      .modify((query) => {
        if (unionid !== null) void query.orWhere({ unionid })
      })
      .select('account_id', 'app_id', 'openid'),
  )
}

/** Two who bind the same person at once take turns: no index can say "one account per unionid" over several lines of one account. */
const holdPerson = (ctx: Ctx, { appId, openid, unionid }: WechatPerson) =>
  ctx.trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`wechat:${unionid ?? `${appId}:${openid}`}`])

const insertBinding = (ctx: Ctx, accountId: string, person: WechatPerson) =>
  ctx
    .trx('wechat_bindings')
    .insert({
      id: newId(),
      account_id: accountId,
      app_id: person.appId,
      openid: person.openid,
      unionid: person.unionid,
      nickname: person.nickname,
      created_at: ctx.now,
    })
    .onConflict()
    .ignore()

/** Signs in whom WeChat has named (BP-002.3). @throws Unauthenticated `wechat_not_bound`, `second_factor_required`; Forbidden `account_disabled` */
export async function logInByWechat(app: App, person: WechatPerson, source: RequestSource): Promise<Admitted> {
  const accountId = await inTransaction(app, SYSTEM, async (ctx) => {
    const [known] = await bindingsOf(ctx, person)
    // Known by his unionid: next time this application knows him too.
    if (known && !(known.app_id === person.appId && known.openid === person.openid)) await insertBinding(ctx, known.account_id, person)
    return known?.account_id
  })
  if (accountId === undefined) throw new Unauthenticated('wechat_not_bound', 'this WeChat belongs to no account')
  return admit(app, accountId, 'wechat', source)
}

/** Replaces the person bound before. @throws Conflict `wechat_taken` */
export async function bindWechat(ctx: Ctx, accountId: string, person: WechatPerson): Promise<void> {
  await holdPerson(ctx, person)
  const account = await Account.query(ctx.trx).findById(accountId).forNoKeyUpdate().throwIfNotFound()
  const others = (await bindingsOf(ctx, person)).filter((binding) => binding.account_id !== accountId)
  if (others.length > 0) throw new Conflict('wechat_taken', 'this WeChat belongs to another account')
  await ctx.trx('wechat_bindings').where({ account_id: accountId }).delete()
  await insertBinding(ctx, accountId, person)
  await record(ctx, {
    action: 'wechat.bound',
    object: { kind: 'account', id: accountId, label: account.name },
    after: { nickname: person.nickname },
  })
}

/** @throws Conflict `last_way_in` */
export async function unbindWechat(ctx: Ctx<StaffActor>): Promise<void> {
  const account = await Account.query(ctx.trx).findById(ctx.actor.accountId).forNoKeyUpdate().throwIfNotFound()
  await checkWaysIn(ctx, account, 'wechat')
  const ended = await ctx.trx('wechat_bindings').where({ account_id: account.id }).delete()
  if (ended > 0) await record(ctx, { action: 'wechat.unbound', object: { kind: 'account', id: account.id, label: account.name } })
}

/** One-time codes of an authenticator app (RFC 6238) and the recovery codes beside them (BP-002.1). */
import { generateSecret, generateURI, verify } from 'otplib'
import { randomInt } from 'node:crypto'
import type { Knex } from 'knex'
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { sha256, sign } from '../../../core/secrets.ts'

const STEP_SECONDS = 30
const RECOVERY_CODES = 10
/** Without what looks alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

export const sealedForTotp = (accountId: string) => `totp:${accountId}`
const recoveryDigest = (app: App, accountId: string, code: string) =>
  sha256(sign(app.config.signingSecret, `recovery:${accountId}:${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`))

export async function isTwoFactorOn(trx: Knex, accountId: string): Promise<boolean> {
  const row: unknown = await trx('totp_secrets').where({ account_id: accountId }).whereNotNull('confirmed_at').first('account_id')
  return row !== undefined
}

/** A new secret, not in force until it is confirmed. @throws Conflict when one is in force */
export async function beginTwoFactor(ctx: Ctx, account: { id: string; username: string }, issuer: string) {
  if (await isTwoFactorOn(ctx.trx, account.id)) throw new Conflict('conflict', 'two-factor sign-in is on already')
  const secret = generateSecret()
  await ctx
    .trx('totp_secrets')
    .insert({ account_id: account.id, secret_sealed: ctx.app.secrets.seal(secret, sealedForTotp(account.id)), created_at: ctx.now })
    .onConflict('account_id')
    .merge(['secret_sealed', 'created_at'])
  return { secret, uri: generateURI({ issuer, label: account.username, secret }) }
}

/** Puts the secret in force. @returns recovery codes, told once; @throws Invalid `second_factor_invalid` */
export async function confirmTwoFactor(ctx: Ctx, accountId: string, code: string): Promise<string[]> {
  if (await isTwoFactorOn(ctx.trx, accountId)) throw new Conflict('conflict', 'two-factor sign-in is on already')
  if (!(await spendOneTimeCode(ctx, accountId, code))) throw new Invalid('second_factor_invalid', 'wrong one-time code')
  await ctx.trx('totp_secrets').where({ account_id: accountId }).update({ confirmed_at: ctx.now })
  return renewRecoveryCodes(ctx, accountId)
}

export async function renewRecoveryCodes(ctx: Ctx, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    [0, 1].map(() => Array.from({ length: 5 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')).join('-'),
  )
  await ctx.trx('totp_recovery_codes').where({ account_id: accountId }).delete()
  await ctx
    .trx('totp_recovery_codes')
    .insert(codes.map((code) => ({ id: newId(), account_id: accountId, digest: recoveryDigest(ctx.app, accountId, code) })))
  return codes
}

export async function endTwoFactor(ctx: Ctx, accountId: string): Promise<void> {
  await ctx.trx('totp_recovery_codes').where({ account_id: accountId }).delete()
  await ctx.trx('totp_secrets').where({ account_id: accountId }).delete()
}

export async function recoveryCodesLeft(trx: Knex, accountId: string): Promise<number> {
  const [row] = z
    .array(z.object({ left: z.coerce.number() }))
    .parse(await trx('totp_recovery_codes').where({ account_id: accountId, used_at: null }).count('* as left'))
  return row?.left ?? 0
}

const stored = z.object({ secret_sealed: z.string() }).optional()

/**
 * Six digits of now or of a step beside it; each step once, whoever comes first. Or a recovery code, once.
 * @returns whether it was good
 */
export async function spendSecondFactor(ctx: Ctx, accountId: string, code: string): Promise<boolean> {
  if (/^\d{6}$/.test(code)) return spendOneTimeCode(ctx, accountId, code)
  const spent = await ctx
    .trx('totp_recovery_codes')
    .where({ account_id: accountId, digest: recoveryDigest(ctx.app, accountId, code), used_at: null })
    .update({ used_at: ctx.now })
  return spent === 1
}

async function spendOneTimeCode(ctx: Ctx, accountId: string, code: string): Promise<boolean> {
  const row = stored.parse(await ctx.trx('totp_secrets').where({ account_id: accountId }).first('secret_sealed'))
  if (!row) return false
  const secret = ctx.app.secrets.open(row.secret_sealed, sealedForTotp(accountId))
  const epoch = Math.floor(ctx.now.getTime() / 1000)
  const result = await verify({ secret, token: code, epoch, epochTolerance: STEP_SECONDS })
  if (!result.valid) return false
  const step = Math.floor(epoch / STEP_SECONDS) + result.delta
  const spent = await ctx.trx('totp_secrets').where({ account_id: accountId }).where('last_step', '<', step).update({ last_step: step })
  return spent === 1
}

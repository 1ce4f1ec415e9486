import { randomInt } from 'node:crypto'
import type { CodePurpose, CodeTicket } from '../../../contract/login.ts'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { Forbidden, Invalid, NotFound, Unavailable } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { parsePhone } from '../../../core/phone.ts'
import { accountBehind } from '../phone-proof.ts'
import { loginSettings, smsProviderOf } from '../login-settings/login-settings.ts'
import { queueCode, requeueCode, unsentCode } from '../sms/outbox.ts'
import { solveCaptcha } from './captcha.ts'
import { codeDigest } from './digest.ts'
import { countCodeRequest, RESEND_SECONDS } from './windows.ts'

export const CODE_SECONDS = 300

export interface CodeRequest {
  /** As typed. */
  phone: string
  purpose: CodePurpose
  ip: string
  captcha?: { id: string; text: string } | undefined
  /** False: everything happens, only no message leaves, since nobody who may use the code has this number. */
  deliver?: boolean
}

/**
 * Makes a code of six digits, good for five minutes, and queues its message (BP-001.2, BP-002.2, BP-002.4). Numbers that belong to
 * nobody go the same way to the same answer; their message is only never sent. While a message has not left, asking again
 * sends the same code; afterwards a new one takes its place.
 * @throws Invalid `phone_invalid`, `captcha_required`, `captcha_invalid`
 * @throws RateLimited
 * @throws Forbidden `login_method_disabled`
 * @throws Unavailable `sms_unavailable`: no provider is set up
 */
export async function requestCode(app: App, input: CodeRequest): Promise<CodeTicket> {
  const phone = parsePhone(input.phone)
  const solved = input.captcha ? await solveCaptcha(app, input.captcha) : false
  if (input.captcha && !solved) throw new Invalid('captcha_invalid', 'the picture was read wrongly or is too old')
  const settings = await loginSettings(app.db)
  if (input.purpose === 'staff_login' && !settings.phone_code) throw new Forbidden('login_method_disabled', 'codes by SMS are switched off')
  if ((await smsProviderOf(app, settings.sms)) === null) throw new Unavailable('sms_unavailable', 'no SMS provider is set up')
  return inTransaction(app, SYSTEM, async (ctx) => {
    await countCodeRequest(app, ctx.trx, { ip: input.ip, phone, purpose: input.purpose, solved })
    const deliver = (await belongsToSomebody(ctx, phone, input.purpose)) && input.deliver !== false
    const expiresAt = new Date(ctx.now.getTime() + CODE_SECONDS * 1000)
    const id = await issue(ctx, { phone, purpose: input.purpose, expiresAt, deliver })
    return { id, expiresAt: expiresAt.toISOString(), resendAt: new Date(ctx.now.getTime() + RESEND_SECONDS * 1000).toISOString() }
  })
}

const FOR_STAFF: readonly CodePurpose[] = ['staff_login', 'password_reset']

/** The look-up is made for every purpose: all requests take the same path. */
async function belongsToSomebody(ctx: Ctx, phone: string, purpose: CodePurpose): Promise<boolean> {
  const account = await accountBehind(ctx.trx, phone, purpose === 'password_reset' ? purpose : 'staff_login')
  return account?.status === 'active' || !FOR_STAFF.includes(purpose)
}

/** Each asking has an id of its own, also where the code stays: an id that came twice would tell that somebody is behind the number. */
async function issue(ctx: Ctx, wanted: { phone: string; purpose: CodePurpose; expiresAt: Date; deliver: boolean }): Promise<string> {
  const { phone, purpose, expiresAt, deliver } = wanted
  const unsent = await unsentCode(ctx, { phone, purpose })
  await ctx.trx('login_codes').where({ phone, purpose, used_at: null, replaced_at: null }).update({ replaced_at: ctx.now })
  const id = newId()
  const code = unsent?.code ?? String(randomInt(1_000_000)).padStart(6, '0')
  const digest = codeDigest(ctx.app, { id, phone, purpose, code })
  const row = { id, phone, purpose, digest, tries: unsent?.tries ?? 0, created_at: ctx.now, expires_at: expiresAt }
  await ctx.trx('login_codes').insert(row)
  if (unsent) await requeueCode(ctx, { messageId: unsent.messageId, id, expiresAt })
  else await queueCode(ctx, { id, phone, code, expiresAt, deliver })
  return id
}

/** How the provider is, for who waits for his code: about the provider, never about the number. @throws NotFound */
export async function codeDelivery(app: App, id: string): Promise<{ state: 'on_its_way' | 'failing' }> {
  const known: unknown = await app.db('login_codes').where({ id }).first('id')
  if (known === undefined) throw new NotFound('code')
  const { sms_failing_since } = await loginSettings(app.db)
  return { state: sms_failing_since ? 'failing' : 'on_its_way' }
}

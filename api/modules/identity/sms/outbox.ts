/** Messages by SMS: rows of an outbox. The bot sends them; what a message says is encrypted and forgotten once it has left. */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'

export const SMS_TOPIC = 'identity.sms'
const LEASE_SECONDS = 60

const params = z.record(z.string(), z.string())
const sealedFor = (id: string) => `sms:${id}`

/** Queued, or for a number that belongs to nobody, written down alike and never sent. */
export async function queueCode(
  ctx: Ctx,
  input: { id: string; phone: string; code: string; expiresAt: Date; deliver: boolean },
): Promise<void> {
  const id = newId()
  const sealed = ctx.app.secrets.seal(JSON.stringify({ code: input.code }), sealedFor(id))
  await ctx.trx('sms_messages').insert({
    id,
    phone: input.phone,
    template: 'code',
    code_id: input.id,
    params_sealed: input.deliver ? sealed : null,
    state: input.deliver ? 'queued' : 'suppressed',
    due_at: ctx.now,
    created_at: ctx.now,
    expires_at: input.expiresAt,
  })
  ctx.wake(SMS_TOPIC)
}

const waiting = z.array(z.object({ message_id: z.string(), params_sealed: z.string(), tries: z.number() }))

/** A code whose message has not left, with the tries it has had. */
export interface UnsentCode {
  messageId: string
  code: string
  tries: number
}

/** The good code for this number whose message has not left; null when there is none. */
export async function unsentCode(ctx: Ctx, input: { phone: string; purpose: string }): Promise<UnsentCode | null> {
  const [row] = waiting.parse(
    await ctx
      .trx('login_codes as c')
      .join('sms_messages as m', 'm.code_id', 'c.id')
      .where({ 'c.phone': input.phone, 'c.purpose': input.purpose, 'c.used_at': null, 'c.replaced_at': null })
      .where('c.expires_at', '>', ctx.now)
      .where('c.tries', '<', 5)
      .whereIn('m.state', ['queued', 'sending', 'failed'])
      .whereNotNull('m.params_sealed')
      .forUpdate()
      .select('m.id as message_id', 'm.params_sealed', 'c.tries'),
  )
  if (!row) return null
  const { code = '' } = params.parse(JSON.parse(ctx.app.secrets.open(row.params_sealed, sealedFor(row.message_id))))
  return { messageId: row.message_id, code, tries: row.tries }
}

/** Its message is sent (again), as that of another row with the same code, with its full time ahead of it. */
export async function requeueCode(ctx: Ctx, input: { messageId: string; id: string; expiresAt: Date }): Promise<void> {
  await ctx.trx('sms_messages').where({ id: input.messageId }).update({ code_id: input.id, expires_at: input.expiresAt })
  await ctx
    .trx('sms_messages')
    .where({ id: input.messageId })
    .whereNot({ state: 'sending' })
    .update({ state: 'queued', due_at: ctx.now, attempt: 0, error_code: null, error_detail: null })
  ctx.wake(SMS_TOPIC)
}

export interface SmsClaim {
  id: string
  phone: string
  template: 'code' | 'test'
  params: Record<string, string>
  /** Fencing: an outcome of an earlier attempt changes nothing. */
  attempt: number
}

const claimed = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      phone: z.string(),
      template: z.enum(['code', 'test']),
      params_sealed: z.string(),
      attempt: z.number(),
    }),
  ),
})
/** Takes messages that are due, for a minute; one whose sender died comes again: a code twice harms nobody. */
export async function claimSms(app: App, most: number): Promise<SmsClaim[]> {
  await expireSms(app)
  const { rows } = claimed.parse(
    await app.db.raw(
      `update sms_messages set state = 'sending', attempt = attempt + 1, leased_until = app_now() + ? * interval '1 second'
       where id in (
         select id from sms_messages
         where (state = 'queued' and due_at <= app_now() or state = 'sending' and leased_until <= app_now()) and params_sealed is not null
         order by due_at limit ? for update skip locked)
       returning id, phone, template, params_sealed, attempt`,
      [LEASE_SECONDS, most],
    ),
  )
  return rows.map(({ params_sealed, ...row }) => ({
    ...row,
    params: params.parse(JSON.parse(app.secrets.open(params_sealed, sealedFor(row.id)))),
  }))
}

/** What nobody waits for any longer is not sent, and not kept. */
async function expireSms(app: App): Promise<void> {
  await app
    .db('sms_messages')
    .whereIn('state', ['queued', 'sending', 'failed'])
    .whereNotNull('params_sealed')
    .where('expires_at', '<=', app.db.raw('app_now()'))
    .update({ state: 'failed', params_sealed: null, error_code: app.db.raw(`coalesce(error_code, 'expired')`) })
}

export type SmsOutcome =
  | { state: 'sent'; provider: string; messageId: string | null }
  /** `retryMs`: null when trying again changes nothing. `provider`: it is the provider that fails, not this number. */
  | { state: 'failed'; provider: string; code: string; detail: string; retryMs: number | null; fault: 'provider' | 'number' }

/** Writes an attempt down, and how the provider is. */
export async function settleSms(app: App, claim: SmsClaim, outcome: SmsOutcome): Promise<void> {
  const row = app.db('sms_messages').where({ id: claim.id, attempt: claim.attempt, state: 'sending' })
  if (outcome.state === 'sent') {
    await row.update({
      state: 'sent',
      params_sealed: null,
      provider: outcome.provider,
      provider_message_id: outcome.messageId,
      error_code: null,
      error_detail: null,
      sent_at: app.db.raw('app_now()'),
    })
    await app.db('login_settings').whereNotNull('sms_failing_since').update({ sms_failing_since: null, sms_error: null })
    return
  }
  await row.update({
    state: outcome.retryMs === null ? 'failed' : 'queued',
    provider: outcome.provider,
    error_code: outcome.code,
    error_detail: outcome.detail.slice(0, 300),
    due_at: app.db.raw(`app_now() + ? * interval '1 millisecond'`, [outcome.retryMs ?? 0]),
  })
  if (outcome.fault === 'provider')
    await app
      .db('login_settings')
      .update({ sms_failing_since: app.db.raw('coalesce(sms_failing_since, app_now())'), sms_error: outcome.code })
}

/** Numbers are not kept longer than a complaint takes. */
export const forgetOldSms = (app: App) =>
  app.db('sms_messages').where('created_at', '<', app.db.raw(`app_now() - interval '30 days'`)).delete()

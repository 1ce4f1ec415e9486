import { z } from 'zod'
import type { Ctx } from '../../core/context.ts'
import { loginSettings, LoginSettingsRow, sealedFor } from './login-settings/login-settings.ts'
import { sealedForTotp } from './two-factor/secrets.ts'

const secrets = z.array(z.object({ account_id: z.string(), secret_sealed: z.string() }))

/**
 * Seals what signing in keeps encrypted under the newest key. Codes on their way live five minutes and are left alone.
 * @returns how many secrets
 */
export async function rotateLoginSecrets(ctx: Ctx): Promise<number> {
  const rows = secrets.parse(await ctx.trx('totp_secrets').forUpdate().select('account_id', 'secret_sealed'))
  const old = rows.filter((row) => !ctx.app.secrets.isCurrent(row.secret_sealed))
  for (const { account_id, secret_sealed } of old)
    await ctx
      .trx('totp_secrets')
      .where({ account_id })
      .update({ secret_sealed: renewed(ctx, secret_sealed, sealedForTotp(account_id)) })
  return old.length + (await rotateSettings(ctx))
}

const renewed = ({ app }: Ctx, sealed: string, bound: string) => app.secrets.seal(app.secrets.open(sealed, bound), bound)

async function rotateSettings(ctx: Ctx): Promise<number> {
  const { sms, wechat } = await loginSettings(ctx.trx)
  const website = wechat?.website
  const all = [...Object.values(sms?.secrets ?? {}), ...(website ? [website.secretSealed] : [])]
  const old = all.filter((sealed) => !ctx.app.secrets.isCurrent(sealed))
  if (old.length === 0) return 0
  const entries = Object.entries(sms?.secrets ?? {}).map(([name, sealed]): [string, string] => [
    name,
    renewed(ctx, sealed, sealedFor.sms(name)),
  ])
  await LoginSettingsRow.query(ctx.trx)
    .where({ only_row: true })
    .patch({
      sms: sms && { ...sms, secrets: Object.fromEntries(entries) },
      wechat:
        wechat && website
          ? { ...wechat, website: { ...website, secretSealed: renewed(ctx, website.secretSealed, sealedFor.wechat) } }
          : wechat,
    })
  return old.length
}

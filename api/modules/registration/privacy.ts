import { z } from 'zod'
import type { WebPrivacy } from '../../contract/registration.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { companySettings } from '../settings/index.ts'

const textRow = z.object({ version: z.number(), body_zh: z.string(), body_en: z.string(), published_at: z.date() }).optional()

/** @param version default: the one in force. @throws NotFound for one that never was */
export async function privacyText(ctx: Ctx, version: number | undefined): Promise<WebPrivacy> {
  const { companyName, icpNumber, privacyVersion } = await companySettings(ctx)
  const row = textRow.parse(
    await ctx
      .trx('privacy_texts')
      .select('version', 'body_zh', 'body_en', 'published_at')
      .where({ version: version ?? privacyVersion })
      .first(),
  )
  if (!row) throw new NotFound('privacy text')
  return { version: row.version, zh: row.body_zh, en: row.body_en, publishedAt: row.published_at.toISOString(), companyName, icpNumber }
}

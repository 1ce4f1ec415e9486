import type { z } from 'zod'
import type { CompanySettings, companySettingsPatch, PrivacyText, privacyTextPublish } from '../../contract/settings.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict } from '../../core/errors.ts'
import { changesOf, record } from '../audit/index.ts'
import { CompanySettingsRow, PrivacyTextRow } from './model.ts'

/** The company of this installation, and the privacy text in force. */
export async function companySettings(ctx: Pick<Ctx, 'trx'>): Promise<CompanySettings> {
  const company = await CompanySettingsRow.query(ctx.trx).findOne({ only_row: true }).throwIfNotFound()
  const privacy = await PrivacyTextRow.query(ctx.trx).orderBy('version', 'desc').first().throwIfNotFound()
  return {
    ...factsOf(company),
    privacyText: { zh: privacy.body_zh, en: privacy.body_en },
    privacyVersion: privacy.version,
    version: company.version,
  }
}

const factsOf = (row: CompanySettingsRow) => ({ companyName: row.company_name, icpNumber: row.icp_number, timeZone: row.time_zone })

/** @throws Conflict `version_conflict` */
export async function updateCompany(ctx: Ctx, patch: z.infer<typeof companySettingsPatch>): Promise<CompanySettings> {
  const row = await CompanySettingsRow.query(ctx.trx).findOne({ only_row: true }).forNoKeyUpdate().throwIfNotFound()
  if (row.version !== patch.version)
    throw new Conflict('version_conflict', 'somebody else changed the company settings', { version: row.version })
  const before = factsOf(row)
  const changed = await row.$query(ctx.trx).patchAndFetch({
    ...(patch.companyName === undefined ? {} : { company_name: patch.companyName }),
    ...(patch.icpNumber === undefined ? {} : { icp_number: patch.icpNumber }),
    ...(patch.timeZone === undefined ? {} : { time_zone: patch.timeZone }),
    version: row.version + 1,
    updated_at: ctx.now,
  })
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'company.changed', object: { kind: 'company', label: changed.company_name }, ...changes })
  return companySettings(ctx)
}

/**
 * A new version of the privacy text, in force at once; customers are asked again.
 * @throws Conflict `version_conflict` when another was published meanwhile
 */
export async function publishPrivacyText(ctx: Ctx<StaffActor>, input: z.infer<typeof privacyTextPublish>): Promise<CompanySettings> {
  // The one row of the company is the turnstile: two who publish at once do not both become version n + 1.
  const company = await CompanySettingsRow.query(ctx.trx).findOne({ only_row: true }).forNoKeyUpdate().throwIfNotFound()
  const { privacyVersion } = await companySettings(ctx)
  if (privacyVersion !== input.after)
    throw new Conflict('version_conflict', 'another version was published meanwhile', { version: privacyVersion })
  const version = privacyVersion + 1
  await PrivacyTextRow.query(ctx.trx).insert({
    version,
    body_zh: input.zh,
    body_en: input.en,
    note: input.note ?? null,
    published_at: ctx.now,
    published_by: ctx.actor.accountId,
  })
  await record(ctx, {
    action: 'company.privacy_text_published',
    object: { kind: 'privacy_text', id: String(version), label: company.company_name },
    before: { version: privacyVersion },
    after: { version, note: input.note ?? null },
  })
  return companySettings(ctx)
}

/** Newest first; who published is named by the caller, who knows people. */
export const privacyTexts = (ctx: Ctx, limit: number): Promise<PrivacyTextRow[]> =>
  Promise.resolve(PrivacyTextRow.query(ctx.trx).orderBy('version', 'desc').limit(limit))

export const presentPrivacyText = (row: PrivacyTextRow): PrivacyText => ({
  version: row.version,
  zh: row.body_zh,
  en: row.body_en,
  note: row.note,
  publishedAt: row.published_at.toISOString(),
  publishedBy: row.published_by,
})

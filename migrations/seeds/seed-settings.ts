/** What the administrator of the demo's company set up. */
import type { App } from '#api/core/app.ts'
import { inTransaction, type StaffActor } from '#api/core/context.ts'
import { companySettings, createEntry, publishPrivacyText, updateCompany } from '#api/modules/settings/index.ts'
import { COMPANY, ENTRIES } from './demo-settings.ts'

export async function seedSettings(app: App, administrator: StaffActor): Promise<void> {
  await inTransaction(app, administrator, async (ctx) => {
    const { version, privacyVersion, privacyText } = await companySettings(ctx)
    await updateCompany(ctx, { ...COMPANY, version })
    await publishPrivacyText(ctx, {
      zh: privacyText.zh.replace('我们重视', `${COMPANY.companyName}（下称“我们”）重视`),
      en: privacyText.en.replace('We take', 'Yuanshan Technology (“we”) takes'),
      note: '写明公司名称',
      after: privacyVersion,
    })
    for (const { dictionary, ...entry } of ENTRIES) await createEntry(ctx, dictionary, entry)
  })
}

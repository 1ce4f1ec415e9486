import { z } from 'zod'
import { safeText } from './message.ts'

const timeZone = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
    } catch {
      return false
    }
  }, 'an IANA time zone, such as Asia/Shanghai')

export const companySettingsSchema = z.object({
  companyName: z.string(),
  /** 备案号 as shown on customer pages; null: none. */
  icpNumber: z.string().nullable(),
  /** IANA name: days of reports and ticket numbers. */
  timeZone: z.string(),
  privacyText: z.object({ zh: z.string(), en: z.string() }),
  /** Consent is recorded with it. */
  privacyVersion: z.int().positive(),
  version: z.int().positive(),
})
export type CompanySettings = z.infer<typeof companySettingsSchema>

export const companySettingsPatch = z.strictObject({
  companyName: safeText(100, 1).optional(),
  icpNumber: safeText(60, 1).nullable().optional(),
  timeZone: timeZone.optional(),
  version: z.int().positive(),
})

export const privacyTextSchema = z.object({
  version: z.int().positive(),
  zh: z.string(),
  en: z.string(),
  /** What changed, for colleagues. */
  note: z.string().nullable(),
  publishedAt: z.iso.datetime(),
  publishedBy: z.string().nullable(),
})
export type PrivacyText = z.infer<typeof privacyTextSchema>
/** Publishing makes a new version; the old ones stay, since people agreed to them. `after`: the newest version the writer saw. */
export const privacyTextPublish = z.strictObject({
  zh: safeText(20_000, 20),
  en: safeText(20_000, 20),
  note: safeText(200).optional(),
  after: z.int().positive(),
})

import { createI18n } from 'vue-i18n'
import type { Locale } from '#api/contract/identity.ts'

export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: false, missingWarn: import.meta.env.DEV, messages: {} })

const LOADERS = { 'zh-CN': () => import('./zh-CN.ts'), en: () => import('./en.ts') } as const
const loaded = new Set<Locale>()

/** Words of one language, its own and every feature's, are one chunk that is fetched when first needed. */
export const switchLocale = async (locale: Locale): Promise<void> => {
  if (!loaded.has(locale)) {
    const { words } = await LOADERS[locale]()
    i18n.global.setLocaleMessage(locale, words)
    loaded.add(locale)
  }
  i18n.global.locale.value = locale
}

import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import type { Locale, Preferences } from '#api/contract/identity.ts'
import { readStored, writeStored } from '../shared/browser-storage.ts'

export type Theme = Preferences['theme']
const THEMES: readonly Theme[] = ['light', 'dark', 'auto']
const LOCALES: readonly Locale[] = ['zh-CN', 'en']

const storedTheme = (): Theme => THEMES.find((theme) => theme === readStored('theme')) ?? 'auto'
/** Chinese until somebody chooses otherwise: many of its readers work on an English system. */
const storedLocale = (): Locale => LOCALES.find((locale) => locale === readStored('locale')) ?? 'zh-CN'

/** Theme and language of this browser: known before anyone signs in, followed by the account's own once he has. */
export const useAppearance = defineStore('appearance', () => {
  const theme = ref<Theme>(storedTheme())
  const locale = ref<Locale>(storedLocale())
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', (event) => (systemDark.value = event.matches))
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && systemDark.value))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.documentElement.lang = locale.value
  })

  const setTheme = (next: Theme): void => {
    theme.value = next
    writeStored('theme', next)
  }
  const setLocale = (next: Locale): void => {
    locale.value = next
    writeStored('locale', next)
  }
  return { theme, locale, dark, setTheme, setLocale }
})

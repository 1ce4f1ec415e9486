import type { Locale } from '#api/contract/identity.ts'
import { patchMe } from '../api/session.ts'
import { useAppearance, type Theme } from '../stores/appearance.ts'
import { useSession } from '../stores/session.ts'

/** Changes the look here at once, and in the account when somebody is signed in. */
export const useSaveAppearance = () => {
  const appearance = useAppearance()
  const session = useSession()

  const chooseTheme = (theme: Theme): void => {
    appearance.setTheme(theme)
    void session.savePreferences({ theme }).catch(() => undefined)
  }
  const chooseLocale = async (locale: Locale): Promise<void> => {
    appearance.setLocale(locale)
    if (session.me !== null) await patchMe({ locale }).then(session.adopt, () => undefined)
  }
  return { appearance, chooseTheme, chooseLocale }
}

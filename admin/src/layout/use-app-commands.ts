import { Moon, Sunny, UserFilled } from '@element-plus/icons-vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { PRESENCE_ORDER } from '../shared/presence-order.ts'
import { usePresence } from './use-presence.ts'
import { featureRoutes } from '../router/index.ts'
import { provideCommands, type Command } from '../shared/commands.ts'
import { useSaveAppearance } from '../shared/use-save-appearance.ts'
import { useSession } from '../stores/session.ts'

/** What can be done from anywhere: go to a page, change one's state, the look, the language. */
export const useAppCommands = ({ openSheet }: { openSheet: () => void }): void => {
  const { t } = useI18n()
  const router = useRouter()
  const session = useSession()
  const { choose } = usePresence()
  const { appearance, chooseTheme, chooseLocale } = useSaveAppearance()

  const pages = (): Command[] =>
    featureRoutes
      .filter((route) => route.meta?.nav !== undefined && (route.meta.permission === undefined || session.can(route.meta.permission)))
      .map((route) => {
        const to = { name: route.name ?? '' }
        const page: Command = {
          id: `page.${String(route.name)}`,
          group: 'pages',
          title: t(route.meta?.titleKey ?? ''),
          run: () => void router.push(to),
        }
        return route.meta?.nav === undefined ? page : { ...page, icon: route.meta.nav.icon }
      })
  const presences = (): Command[] =>
    PRESENCE_ORDER.map((status) => ({
      id: `presence.${status}`,
      group: 'actions',
      icon: UserFilled,
      title: `${t('presence.label')}: ${t(`presence.${status}`)}`,
      keywords: status,
      run: () => void choose(status).catch(() => undefined),
    }))
  const look = (): Command[] => [
    {
      id: 'theme',
      group: 'actions',
      icon: appearance.dark ? Sunny : Moon,
      keywords: 'theme dark light',
      title: `${t('appearance.theme')}: ${t(appearance.dark ? 'appearance.light' : 'appearance.dark')}`,
      run: () => chooseTheme(appearance.dark ? 'light' : 'dark'),
    },
    {
      id: 'locale',
      group: 'actions',
      title: appearance.locale === 'en' ? '切换到中文' : 'Switch to English',
      keywords: 'language 语言',
      run: () => void chooseLocale(appearance.locale === 'en' ? 'zh-CN' : 'en'),
    },
    { id: 'sheet', group: 'actions', title: t('shortcuts.title'), hint: '?', run: openSheet },
  ]
  provideCommands(() => [...pages(), ...presences(), ...look()])
}

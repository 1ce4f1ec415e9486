import { useSession } from '../../stores/session.ts'
import { useWords } from '../../shared/use-words.ts'
import { isKnown, wordKey } from './texts.ts'

/** Names of variables as people read them, and examples for previews. */
export const useVariableWords = () => {
  const { t, te, locale } = useWords()
  const session = useSession()
  const nameOf = (name: string): string => (isKnown(name) ? t(`quickReplies.known.${wordKey(name)}`) : name)
  const hintOf = (name: string): string => {
    const key = `quickReplies.knownHint.${wordKey(name)}`
    return te(key) ? t(key) : ''
  }
  const sampleOf = (name: string): string | null => {
    if (name === 'agent.name') return session.me?.name ?? null
    if (name === 'date.today') return new Intl.DateTimeFormat(locale.value, { dateStyle: 'long' }).format(new Date())
    return isKnown(name) ? t(`quickReplies.sample.${wordKey(name)}`) : null
  }
  const list = (names: readonly string[]): string => names.map(nameOf).join(locale.value === 'en' ? ', ' : '、')
  return { nameOf, hintOf, sampleOf, list }
}

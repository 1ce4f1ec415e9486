import type { AuditEntry } from '#api/contract/audit.ts'
import { useWords } from '../../../shared/use-words.ts'

/** An action is a noun and a verb; both are worded, so that one that this screen does not know still says what it is about. */
export const useAuditWords = () => {
  const { t, te } = useWords()
  const noun = (code: string): string => (te(`audit.noun.${code}`) ? t(`audit.noun.${code}`) : t('audit.noun.other'))
  const verb = (code: string): string => (te(`audit.verb.${code}`) ? t(`audit.verb.${code}`) : t('audit.verb.other'))
  const action = (code: string): string => {
    const [first = '', ...rest] = code.split('.')
    return `${noun(first)} · ${verb(rest.join('_'))}`
  }
  /** Most fields have words; one that has none is named as the API names it. */
  const field = (name: string): string => (te(`audit.field.${name}`) ? t(`audit.field.${name}`) : name)
  const actor = ({ kind, name }: AuditEntry['actor']): string => name ?? t(`audit.actorKind.${kind}`)
  const yesNo = (value: boolean): string => t(value ? 'audit.yes' : 'audit.no')
  return { noun, verb, action, actor, field, yesNo }
}

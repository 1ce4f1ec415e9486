import type { Policy, PolicyConditions } from '#api/contract/routing.ts'
import { useDictionary } from '../../../shared/use-dictionary.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useStaffDirectory } from '../../../stores/staff-directory.ts'
import { WEIGHTS } from './policy-form.ts'

/** A policy as a line that somebody can read to a colleague. */
export const usePolicyWords = () => {
  const words = useWords()
  const { t, locale, channelKind } = words
  const { all: skills, words: skillName } = useDictionary('skill')
  const { all: businesses, words: businessName } = useDictionary('business_type')
  const staff = useStaffDirectory()
  void staff.load()
  /** Also of those who are no longer here, or whom a large house has beyond the first. */
  const nameAll = (policies: readonly Pick<Policy, 'settings'>[]): void =>
    void staff.name(policies.flatMap(({ settings }) => settings.accountIds)).catch(() => undefined)
  const list = (items: readonly string[]): string => items.join(locale.value === 'en' ? ', ' : '、')
  const business = (id: string): string => {
    const entry = businesses.value.find((each) => each.id === id)
    return entry === undefined ? t('routing.condition.goneEntry') : businessName(entry)
  }
  const conditionWords = (conditions: PolicyConditions): string => {
    const said = [
      conditions.channelKinds.length > 0 ? list(conditions.channelKinds.map(channelKind)) : '',
      conditions.channelAccountIds.length > 0 ? t('routing.condition.accounts', { n: conditions.channelAccountIds.length }) : '',
      conditions.businessTypeIds.length > 0 ? list(conditions.businessTypeIds.map(business)) : '',
      conditions.ticketTypeIds.length > 0 ? t('routing.condition.ticketTypes', { n: conditions.ticketTypeIds.length }) : '',
      conditions.priorities.length > 0 ? list(conditions.priorities.map((priority) => t(`ticket.priority.${priority}`))) : '',
      conditions.tagIds.length > 0 ? t('routing.condition.tags', { n: conditions.tagIds.length }) : '',
      conditions.weekdays.length > 0 ? list(conditions.weekdays.map((day) => t(`routing.weekday.${day}`))) : '',
      conditions.from !== null && conditions.to !== null ? `${conditions.from}–${conditions.to}` : '',
      conditions.calendar === null ? '' : t(`routing.condition.calendar.${conditions.calendar.state}`),
    ].filter((text) => text !== '')
    return said.length === 0 ? t('routing.condition.none') : said.join(' · ')
  }
  const skillWords = (needs: readonly { skillId: string; level: number }[]): string =>
    list(
      needs.map(({ skillId, level }) => {
        const entry = skills.value.find((each) => each.id === skillId)
        return t('routing.skillAt', { skill: entry === undefined ? t('routing.condition.goneEntry') : skillName(entry), level })
      }),
    )
  const strategyWords = ({ strategy, settings }: Pick<Policy, 'strategy' | 'settings'>): string => {
    const own =
      strategy === 'weighted'
        ? list(
            WEIGHTS.filter((weight) => settings.weights[weight] > 0).map(
              (weight) => `${t(`routing.weight.${weight}`)} ${settings.weights[weight]}`,
            ),
          )
        : strategy === 'familiar_first'
          ? t('routing.familiarWithin', { n: settings.familiarDays })
          : strategy === 'directed'
            ? list(
                settings.accountIds.map((id) => staff.people.find((person) => person.id === id)?.name ?? t('routing.condition.goneEntry')),
              )
            : t(`routing.strategyHint.${strategy}`)
    return settings.skills.length === 0 ? own : `${own} · ${t('routing.needs', { skills: skillWords(settings.skills) })}`
  }
  return { ...words, list, nameAll, conditionWords, strategyWords, skillWords }
}

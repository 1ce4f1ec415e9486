import { computed } from 'vue'
import type { Priority } from '#api/contract/priority.ts'
import { useDictionary } from '../../../shared/use-dictionary.ts'
import { useWords } from '../../../shared/use-words.ts'

/** What the company calls a priority; the product's own words until its list is here. */
export const usePriorityWords = (): ((priority: Priority) => string) => {
  const { t } = useWords()
  const { all, words } = useDictionary('priority')
  const named = computed(() => new Map(all.value.map((entry) => [entry.code, words(entry)])))
  return (priority) => named.value.get(priority) ?? t(`ticket.priority.${priority}`)
}

import { ref, watch } from 'vue'
import type { Block } from '#api/contract/ending.ts'
import { fetchBlock, unblockCustomer } from '../../../api/starting.ts'
import { useResource } from '../../../shared/use-resource.ts'
import { useSave } from '../../../shared/use-save.ts'
import { useWords } from '../../../shared/use-words.ts'

/** Whether a customer is kept out, and by whom; `known` as soon as that has been asked. */
export const useBlock = (customerId: () => string) => {
  const { t } = useWords()
  const known = ref(false)
  const { value: block, load } = useResource(async () => {
    const found = await fetchBlock(customerId())
    known.value = true
    return found
  })
  const { busy, save } = useSave({ stale: load })
  const blocked = (made: Block): void => void (block.value = made)
  const lift = async (): Promise<void> => {
    // Somebody else may have been faster: what stands now is asked for either way.
    await save(() => unblockCustomer(customerId()), t('blocking.lifted'))
    await load()
  }
  watch(
    customerId,
    () => {
      known.value = false
      block.value = null
      void load()
    },
    { immediate: true },
  )
  return { block, known, busy, blocked, lift }
}

import { ref } from 'vue'
import { isApiError } from '../api/http.ts'
import { toast } from './toast.ts'
import { useWords } from './use-words.ts'

/**
 * A write at a click: one at a time, and what went wrong is worded.
 * @param stale somebody else was faster (`version_conflict`): fetch again what is on screen
 */
export const useSave = ({ stale }: { stale?: () => unknown } = {}) => {
  const { error } = useWords()
  const busy = ref(false)
  /** @returns what the action gave, or null when it failed or another is under way */
  const save = async <T>(action: () => Promise<T>, done?: string): Promise<{ value: T } | null> => {
    if (busy.value) return null
    busy.value = true
    try {
      const value = await action()
      if (done !== undefined) toast.done(done)
      return { value }
    } catch (thrown) {
      toast.failed(error(thrown))
      if (isApiError(thrown) && thrown.code === 'version_conflict') stale?.()
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, save }
}

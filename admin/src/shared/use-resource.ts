import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { failureCode, type FailureCode } from '../api/http.ts'

export interface Resource<T> {
  value: ShallowRef<T | null>
  /** What went wrong the last time; the value before it stays. */
  failed: Ref<FailureCode | null>
  loading: Ref<boolean>
  load: () => Promise<void>
}

/** One thing that a page or panel shows. A late answer to an earlier question is dropped. */
export const useResource = <T>(fetchIt: () => Promise<T>): Resource<T> => {
  const value = shallowRef<T | null>(null)
  const failed = ref<FailureCode | null>(null)
  const loading = ref(false)
  let attempt = 0
  const load = async (): Promise<void> => {
    const mine = (attempt += 1)
    loading.value = true
    failed.value = null
    try {
      const found = await fetchIt()
      if (mine === attempt) value.value = found
    } catch (error) {
      if (mine === attempt) failed.value = failureCode(error)
    } finally {
      if (mine === attempt) loading.value = false
    }
  }
  return { value, failed, loading, load }
}

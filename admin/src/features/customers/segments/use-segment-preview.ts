import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { SegmentNode } from '#api/contract/segment.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'
import { previewSegment, type SegmentPreview } from '../../../api/segments.ts'

const TYPING_MS = 400

export interface LivePreview {
  value: ShallowRef<SegmentPreview | null>
  loading: Ref<boolean>
  failed: Ref<FailureCode | null>
  again: () => void
}

/** How many customers the conditions find right now, asked when the reader pauses. */
export const useSegmentPreview = (definition: Readonly<Ref<SegmentNode | null>>): LivePreview => {
  const value = shallowRef<SegmentPreview | null>(null)
  const loading = ref(false)
  const failed = ref<FailureCode | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0

  const ask = async (node: SegmentNode): Promise<void> => {
    const mine = (attempt += 1)
    try {
      const found = await previewSegment(node)
      if (mine !== attempt) return
      value.value = found
      failed.value = null
    } catch (error) {
      if (mine === attempt) failed.value = failureCode(error)
    } finally {
      if (mine === attempt) loading.value = false
    }
  }
  const again = (): void => {
    clearTimeout(timer)
    attempt += 1
    const node = definition.value
    loading.value = node !== null
    if (node === null) value.value = null
    else timer = setTimeout(() => void ask(node), TYPING_MS)
  }
  watch(() => JSON.stringify(definition.value), again, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return { value, loading, failed, again }
}

import { shallowRef, type ShallowRef } from 'vue'
import type { Segment } from '#api/contract/segment.ts'
import { fetchSegments } from '../../../api/segments.ts'

/** Saved segments for lists beside other things; a failure there leaves the list empty. */
export const useSegments = (): { segments: ShallowRef<Segment[]>; load: () => Promise<void> } => {
  const segments = shallowRef<Segment[]>([])
  const load = async (): Promise<void> => {
    const page = await fetchSegments().catch(() => null)
    if (page !== null) segments.value = page.data
  }
  return { segments, load }
}

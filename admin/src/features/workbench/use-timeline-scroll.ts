import { elementScroll, useVirtualizer } from '@tanstack/vue-virtual'
import { computed, nextTick, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { TimelineStatus } from '../../stores/timelines.ts'
import { useTimelines } from '../../stores/timelines.ts'
import { estimatedHeight, type TimelineRow } from './timeline-rows.ts'

const END_PX = 80
const LOAD_BEFORE_PX = 800
const MARKED_MS = 2500

export interface ScrollInput {
  conversationId: string
  scroller: Readonly<Ref<HTMLElement | null>>
  inner: Readonly<Ref<HTMLElement | null>>
  rows: Readonly<Ref<TimelineRow[]>>
  status: Readonly<Ref<TimelineStatus>>
  /** Newer messages exist that are not loaded. */
  detached: Readonly<Ref<boolean>>
  /** The message to show, from the address; null = the end, or the first unread one. */
  focusSeq: () => number | null
  onScrolled: () => void
}

/** Where the reader stands in the timeline: rows in sight, following the end, loading in both directions, jumping to a message. */
export const useTimelineScroll = (input: ScrollInput) => {
  const { conversationId, scroller, inner, rows, status, detached, focusSeq, onScrolled } = input
  const timelines = useTimelines()
  const atEnd = ref(true)
  const placed = ref(false)
  const arrivedAbove = ref(0)
  const marked = ref<number | null>(null)

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => {
      // A snapshot: to keep the place, the virtualizer asks the options of before about the rows of before.
      const current = rows.value
      return {
        count: current.length,
        getScrollElement: () => scroller.value,
        estimateSize: (index: number) => estimatedHeight(current[index]),
        getItemKey: (index: number) => current[index]?.key ?? index,
        overscan: 6,
        paddingStart: 12,
        paddingEnd: 12,
        // Older pages are put in above without moving what is read; new messages are followed only from the end.
        anchorTo: 'end' as const,
        followOnAppend: !detached.value,
        scrollEndThreshold: END_PX,
        // The room must be there before the scroll position is set in it: the browser would clamp it to the old height.
        scrollToFn: (offset, options, instance) => {
          if (inner.value !== null) inner.value.style.height = `${instance.getTotalSize()}px`
          elementScroll(offset, options, instance)
        },
      }
    }),
  )
  const items = computed(() =>
    virtualizer.value.getVirtualItems().flatMap((item) => {
      const row = rows.value[item.index]
      return row === undefined ? [] : [{ row, index: item.index, start: item.start }]
    }),
  )
  const measure = (element: unknown): void => {
    if (element instanceof HTMLElement) virtualizer.value.measureElement(element)
  }
  const onScroll = (): void => {
    const element = scroller.value
    if (element === null || !placed.value) return
    const below = element.scrollHeight - element.scrollTop - element.clientHeight
    atEnd.value = !detached.value && below < END_PX
    if (atEnd.value) arrivedAbove.value = 0
    if (element.scrollTop < LOAD_BEFORE_PX) void timelines.loadOlder(conversationId).catch(() => undefined)
    if (detached.value && below < LOAD_BEFORE_PX) void timelines.loadNewer(conversationId).catch(() => undefined)
    onScrolled()
  }
  const toEnd = async (): Promise<void> => {
    await timelines.toNewest(conversationId).catch(() => undefined)
    await nextTick()
    virtualizer.value.scrollToEnd()
    arrivedAbove.value = 0
  }
  const indexOf = (seq: number): number =>
    rows.value.findIndex((row) => (row.kind === 'message' || row.kind === 'system' || row.kind === 'recalled') && row.message.seq === seq)
  const scrollTo = (index: number, align: 'start' | 'center'): void => virtualizer.value.scrollToIndex(index, { align })

  /** Shows one message in the middle and marks it for a moment. False when it is not loaded. */
  const jump = async (seq: number): Promise<boolean> => {
    const index = indexOf(seq)
    if (index === -1) return false
    scrollTo(index, 'center')
    marked.value = seq
    setTimeout(() => marked.value === seq && (marked.value = null), MARKED_MS)
    await nextTick()
    return true
  }
  /** The first page is shown from the message asked for, from the first unread one, or from its end. */
  const place = async (): Promise<void> => {
    await nextTick()
    const seq = focusSeq()
    const unread = rows.value.findIndex((row) => row.kind === 'unread')
    if (seq === null || !(await jump(seq))) {
      if (unread === -1) virtualizer.value.scrollToEnd()
      else scrollTo(unread, 'start')
    }
    await nextTick()
    placed.value = true
    requestAnimationFrame(onScroll)
  }
  /** Whoever scrolled faster than the answer came stands at the edge, where no further scrolling would ask again. */
  watch(
    () => status.value.loadingOlder || status.value.loadingNewer,
    (loading) => !loading && requestAnimationFrame(onScroll),
  )
  watch(
    () => rows.value.length > 0,
    (some) => some && void place(),
    { immediate: true },
  )
  watch([focusSeq, () => status.value.loading], ([seq, loading]) => {
    if (seq !== null && !loading && placed.value) void nextTick(() => jump(seq))
  })
  watch(
    () => rows.value.at(-1),
    (last, before) => {
      if (last === undefined || last.key === before?.key || before === undefined) return
      if (last.kind === 'pending') void nextTick(toEnd)
      else if (!atEnd.value && !detached.value) arrivedAbove.value += 1
    },
  )
  /** Whoever reads the end goes on reading it when the composer grows or a banner comes. */
  const observer = new ResizeObserver(() => {
    if (placed.value && atEnd.value) virtualizer.value.scrollToEnd()
  })
  watch(scroller, (element) => {
    observer.disconnect()
    if (element !== null) observer.observe(element)
  })
  onScopeDispose(() => observer.disconnect())
  return { virtualizer, items, measure, onScroll, toEnd, jump, atEnd, placed, arrivedAbove, marked }
}

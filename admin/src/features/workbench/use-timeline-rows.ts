import { computed, ref, watch } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import { useWords } from '../../shared/use-words.ts'
import { useOutbox } from '../../stores/outbox.ts'
import { emptyTimeline, settledKeys } from '../../stores/timeline.ts'
import { useTimelines, type TimelineStatus } from '../../stores/timelines.ts'
import { timelineRows } from './timeline-rows.ts'

const IDLE: TimelineStatus = { loading: true, loadingOlder: false, loadingNewer: false, failed: false }

/** What stands in the timeline of a conversation: the server's messages, then what is still on its way. */
export const useTimelineRows = (conversation: () => Conversation) => {
  const timelines = useTimelines()
  const outbox = useOutbox()
  const { t, part } = useWords()
  const { id } = conversation()
  /** The line stays where it was on opening, although reading moves the mark. */
  const unreadAfter = conversation().unread > 0 ? conversation().staffReadSeq : null

  const timeline = computed(() => timelines.byId.get(id) ?? emptyTimeline)
  const status = computed(() => timelines.status.get(id) ?? (timelines.byId.has(id) ? { ...IDLE, loading: false } : IDLE))
  const entries = outbox.of(id)
  const pending = computed(() => {
    if (entries.value.length === 0) return []
    const settled = settledKeys(timeline.value)
    return entries.value.filter((entry) => !settled.has(entry.clientKey))
  })
  const rows = computed(() =>
    timelineRows({ messages: timeline.value.messages, reachedStart: timeline.value.reachedStart, pending: pending.value, unreadAfter }),
  )
  const images = computed(() =>
    timeline.value.messages.flatMap((message) =>
      message.parts.flatMap((value) =>
        value.type === 'image' && value.media.url !== undefined && message.recalledAt === null ? [value.media.url] : [],
      ),
    ),
  )

  const announced = ref('')
  watch(
    () => timeline.value.messages.at(-1),
    (last, before) => {
      if (last === undefined || before === undefined || last.seq <= before.seq || last.direction !== 'inbound') return
      announced.value = t('timeline.heard', { text: last.parts.map(part).join(' ') })
    },
  )
  const detached = computed(() => timeline.value.detached === true)
  return { rows, status, announced, images, detached }
}

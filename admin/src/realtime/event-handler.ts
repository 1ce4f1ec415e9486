import type { Conversation } from '#api/contract/conversation.ts'
import type { Message } from '#api/contract/message.ts'
import type { Notification } from '#api/contract/notification.ts'
import type { StaffEvent } from '#api/contract/realtime.ts'
import { useActivity } from '../stores/activity.ts'
import { useConversations } from '../stores/conversations.ts'
import { useOffers } from '../stores/offers.ts'
import { useNotifications } from '../stores/notifications.ts'
import { useSession } from '../stores/session.ts'
import { lastSeq, waitsTooLong } from '../stores/timeline.ts'
import { useTimelines } from '../stores/timelines.ts'
import { afterMessage } from './after-message.ts'
import { missedBy } from './beacon.ts'

export interface Arrival {
  message?: Message
  /** Before and after; `before` is undefined for a conversation not known until now. */
  conversation?: { before: Conversation | undefined; after: Conversation }
  notification?: Notification
}

interface Surroundings {
  announce: (arrival: Arrival) => void
  /** The conversation on screen, if any. */
  watched: () => string | null
}

const COUNTS_AFTER_MS = 400
/** More stale rows than this are cheaper to fetch as a list. */
const SINGLE_REFETCHES = 3

/** Each event becomes state here and nowhere else; what is older than what is known changes nothing. */
export const createEventHandler = ({ announce, watched }: Surroundings): ((event: StaffEvent) => void) => {
  const session = useSession()
  const conversations = useConversations()
  const timelines = useTimelines()
  const activity = useActivity()
  const notifications = useNotifications()
  const offers = useOffers()
  let countsTimer: ReturnType<typeof setTimeout> | undefined

  const countSoon = (): void => {
    clearTimeout(countsTimer)
    countsTimer = setTimeout(() => void conversations.refreshCounts(), COUNTS_AFTER_MS)
  }
  /** Answers whether it brought anything newer. */
  const refetch = (id: string): Promise<boolean> => conversations.loadDetail(id).catch(() => false)
  /** Conversations being fetched because of a message: a burst asks once, and what it misses the beacon names. */
  const fetching = new Set<string>()

  const heal = (beacon: Extract<StaffEvent, { type: 'beacon' }>): void => {
    const missed = missedBy(beacon.conversations, (id) => {
      const timeline = timelines.byId.get(id)
      const following = timeline !== undefined && timeline.detached === undefined
      return { lastSeq: following ? lastSeq(timeline) : null, version: conversations.byId.get(id)?.version ?? null }
    })
    missed.timelines.forEach((id) => void timelines.catchUp(id))
    const id = watched()
    const shown = id === null ? undefined : timelines.byId.get(id)
    if (id !== null && shown !== undefined && waitsTooLong(shown, Date.now())) void timelines.refreshNewest(id)
    if (missed.conversations.length > SINGLE_REFETCHES) void conversations.refresh()
    else missed.conversations.forEach((id) => void refetch(id))
  }

  const applyConversation = (after: Conversation): void => {
    const before = conversations.byId.get(after.id)
    if (!conversations.place(after)) return
    countSoon()
    announce({ conversation: { before, after } })
    const movedOn = before !== undefined && (before.status !== after.status || before.assignee?.id !== after.assignee?.id)
    if (movedOn && watched() === after.id) void refetch(after.id)
  }

  const fetchOnce = async (id: string): Promise<void> => {
    if (fetching.has(id)) return
    fetching.add(id)
    const before = conversations.byId.get(id)
    const fresh = await refetch(id)
    fetching.delete(id)
    const after = conversations.byId.get(id)
    if (!fresh || after === undefined) return
    countSoon()
    // One that was merely not loaded has not been assigned just now: the message alone is the news.
    if (before !== undefined || after.status === 'queued') announce({ conversation: { before, after } })
  }

  const applyMessage = async ({ id, version, patch }: Extract<StaffEvent, { type: 'message.created' }>): Promise<void> => {
    const { message } = patch
    const inbound = message.direction === 'inbound'
    void timelines.receive(message)
    if (inbound) activity.setTyping(id, { from: 'customer', name: null, accountId: null }, false)
    const after = afterMessage(conversations.byId.get(id), version, patch.conversation)
    if (after === 'fetch') await fetchOnce(id)
    else if (after !== 'unchanged') applyConversation(after)
    if (inbound) announce({ message })
  }

  return (event: StaffEvent): void => {
    switch (event.type) {
      case 'message.created':
        return void applyMessage(event)
      case 'message.updated':
        return void timelines.receive(event.patch.message)
      case 'conversation.updated':
        return applyConversation(event.patch.conversation)
      case 'conversation.removed':
        countSoon()
        return conversations.remove(event.id)
      case 'conversation.typing': {
        const { typing, ...writer } = event.patch
        return writer.accountId === session.meId ? undefined : activity.setTyping(event.id, writer, typing)
      }
      case 'conversation.viewers':
        return activity.setViewers(
          event.id,
          event.patch.viewers.filter((viewer) => viewer.id !== session.meId),
        )
      case 'presence.updated':
        return session.applyPresence(event.patch.presence)
      case 'notification.created':
        if (notifications.receive(event.patch.notification, event.patch.unread)) announce({ notification: event.patch.notification })
        return
      case 'notification.read':
        return notifications.applyRead(event.patch.ids, event.patch.unread)
      case 'transfer.updated':
        return offers.receive(event.patch.transfer)
      case 'beacon':
        return heal(event)
    }
  }
}

import { computed, onMounted, onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { type RouteLocationRaw, useRouter } from 'vue-router'
import type { Message } from '#api/contract/message.ts'
import type { Notification as Told } from '#api/contract/notification.ts'
import { comesToMe, deservesAlert, entersQueue, isPressing } from '../realtime/attention.ts'
import type { Arrival } from '../realtime/event-handler.ts'
import { useRealtime } from '../realtime/realtime.ts'
import { useNotificationWords } from '../shared/use-notification-words.ts'
import { useWords } from '../shared/use-words.ts'
import { useConversations } from '../stores/conversations.ts'
import { useSession } from '../stores/session.ts'
import { playChime } from './chime.ts'

type PermissionState = NotificationPermission | 'unsupported'
const permission = ref<PermissionState>('Notification' in globalThis ? Notification.permission : 'unsupported')

export const useNotificationPermission = () => ({
  permission,
  ask: async (): Promise<void> => {
    if (permission.value !== 'unsupported') permission.value = await Notification.requestPermission()
  },
})

/** Sound, desktop notice and the count in the title: for my customers and my tickets, and never for what is being read. */
export const useAttention = (): void => {
  const { t } = useI18n()
  const { customerName, part, lastMessage } = useWords()
  const words = useNotificationWords()
  const router = useRouter()
  const session = useSession()
  const realtime = useRealtime()
  const conversations = useConversations()

  /** @param tag one notice for what has the same: ten messages in a row are one reason to look */
  const show = (tag: string, { title, body, to }: { title: string; body: string; to: RouteLocationRaw | null }): void => {
    if (document.hasFocus() || permission.value !== 'granted' || !session.me?.preferences.desktopNotifications) return
    const shown = new Notification(title, { body, tag, silent: true })
    shown.onclick = () => {
      window.focus()
      if (to !== null) void router.push(to)
      shown.close()
    }
  }
  const notice = (conversationId: string, title: string, body: string): void =>
    show(conversationId, { title, body, to: { name: 'workbench', params: { id: conversationId } } })
  const sound = (kind: 'message' | 'queue'): void => {
    if (session.me?.preferences.sound) playChime(kind)
  }
  const onMessage = (message: Message): void => {
    const conversation = conversations.byId.get(message.conversationId)
    const situation = { meId: session.meId, viewing: realtime.watched, focused: document.hasFocus() }
    if (conversation === undefined || !deservesAlert(message, conversation, situation)) return
    sound('message')
    const [first] = message.parts
    notice(conversation.id, t('notify.newMessage', { name: customerName(conversation.customer) }), first === undefined ? '' : part(first))
  }
  const onConversation = ({ before, after }: NonNullable<Arrival['conversation']>): void => {
    const name = customerName(after.customer)
    const situation = { meId: session.meId, viewing: realtime.watched, focused: document.hasFocus() }
    if (comesToMe(before, after, situation)) {
      sound('message')
      notice(after.id, t('notify.assigned', { name }), lastMessage(after))
    } else if (session.me?.presence.status === 'online' && entersQueue(before, after)) {
      sound('queue')
      notice(after.id, t('notify.newQueued', { name }), lastMessage(after))
    }
  }
  const onNotification = (told: Told): void => {
    if (!isPressing(told.kind)) return
    sound('message')
    show(told.link ?? told.id, { title: words.title(told), body: words.text(told), to: told.link })
  }
  const onArrival = ({ message, conversation, notification }: Arrival): void => {
    if (message !== undefined) onMessage(message)
    if (conversation !== undefined) onConversation(conversation)
    if (notification !== undefined) onNotification(notification)
  }

  const count = computed(() => conversations.counts.unread)
  const title = computed(() => (count.value > 0 ? t('notify.title', { count: count.value, app: t('app.name') }) : t('app.name')))
  watch(title, (text) => (document.title = text), { immediate: true })
  onMounted(() => onScopeDispose(realtime.onArrival(onArrival)))
}

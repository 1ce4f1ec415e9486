import { computed, onMounted, onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { Message } from '#api/contract/message.ts'
import { comesToMe, deservesAlert, entersQueue } from '../realtime/attention.ts'
import type { Arrival } from '../realtime/event-handler.ts'
import { useRealtime } from '../realtime/realtime.ts'
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

/** Sound, desktop notice and the count in the title: for my customers, and never for what is being read. */
export const useAttention = (): void => {
  const { t } = useI18n()
  const { customerName, part, lastMessage } = useWords()
  const router = useRouter()
  const session = useSession()
  const realtime = useRealtime()
  const conversations = useConversations()

  const notice = (conversationId: string, title: string, body: string): void => {
    if (document.hasFocus() || permission.value !== 'granted' || !session.me?.preferences.desktopNotifications) return
    // One notice a conversation: ten messages in a row are one reason to look.
    const shown = new Notification(title, { body, tag: conversationId, silent: true })
    shown.onclick = () => {
      window.focus()
      void router.push({ name: 'workbench', params: { id: conversationId } })
      shown.close()
    }
  }
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
  const onArrival = ({ message, conversation }: Arrival): void => {
    if (message !== undefined) onMessage(message)
    if (conversation !== undefined) onConversation(conversation)
  }

  const count = computed(() => conversations.counts.unread)
  const title = computed(() => (count.value > 0 ? t('notify.title', { count: count.value, app: t('app.name') }) : t('app.name')))
  watch(title, (text) => (document.title = text), { immediate: true })
  onMounted(() => onScopeDispose(realtime.onArrival(onArrival)))
}

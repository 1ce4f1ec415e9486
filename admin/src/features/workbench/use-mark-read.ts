import { onMounted, onUnmounted, watch, type Ref } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import { useConversations } from '../../stores/conversations.ts'
import { useSession } from '../../stores/session.ts'

const AFTER_MS = 300

/** Messages count as read when their end is on screen and the window has the focus: not because a tab happens to be open. */
export const useMarkRead = (conversation: () => Conversation, atEnd: Ref<boolean>): void => {
  const conversations = useConversations()
  const session = useSession()
  let timer: ReturnType<typeof setTimeout> | undefined

  const mark = (): void => {
    const { id, unread, lastSeq, assignee } = conversation()
    // Looking over a colleague's shoulder must not take his unread marks away.
    if (unread === 0 || assignee?.id !== session.meId || !atEnd.value || !document.hasFocus()) return
    void conversations.markRead(id, lastSeq).catch(() => undefined)
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(mark, AFTER_MS)
  }
  watch([() => conversation().lastSeq, () => conversation().unread, () => conversation().assignee?.id, atEnd], soon, { immediate: true })
  onMounted(() => window.addEventListener('focus', soon))
  onUnmounted(() => {
    clearTimeout(timer)
    window.removeEventListener('focus', soon)
  })
}

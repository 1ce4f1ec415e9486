import { ref } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import { toast } from '../../shared/toast.ts'
import { useWords } from '../../shared/use-words.ts'
import { useConversations } from '../../stores/conversations.ts'

/** Taking a conversation out of the queue. Whoever comes second is told who has it. */
export const useAccept = (conversation: () => Conversation) => {
  const { t, error, customerName } = useWords()
  const conversations = useConversations()
  const accepting = ref(false)
  const accept = async (): Promise<void> => {
    const { id, customer } = conversation()
    accepting.value = true
    try {
      await conversations.accept(id)
      toast.done(t('conversation.accepted', { name: customerName(customer) }))
    } catch (thrown) {
      toast.failed(error(thrown))
    } finally {
      await conversations.loadDetail(id).catch(() => undefined)
      accepting.value = false
    }
  }
  return { accepting, accept }
}

import type { Message } from '#api/contract/message.ts'
import { messageAction } from '../../api/conversations.ts'
import { toast } from '../../shared/toast.ts'
import { useWords } from '../../shared/use-words.ts'
import { useConversations } from '../../stores/conversations.ts'
import { useTimelines } from '../../stores/timelines.ts'

/** What can still be done about a stored message: the mark on it changes only by the server's answer. */
export const useMessageActions = () => {
  const { error } = useWords()
  const timelines = useTimelines()
  const conversations = useConversations()
  const act = async (message: Message, action: 'retry' | 'hold' | 'recall'): Promise<void> => {
    try {
      await timelines.receive(await messageAction(message.conversationId, message.seq, action))
    } catch (thrown) {
      toast.failed(error(thrown))
      await conversations.loadDetail(message.conversationId).catch(() => undefined)
    }
  }
  return { act }
}

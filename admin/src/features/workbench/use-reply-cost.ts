import { computed, ref, watch } from 'vue'
import type { ChannelCapabilities } from '#api/contract/conversation.ts'
import type { MessagePartInput } from '#api/contract/message.ts'
import { fetchReplyCost } from '../../api/conversations.ts'
import { utf8Bytes } from '../../shared/format.ts'
import { callsFor } from './reply-window.ts'

const ASK_AFTER_MS = 400

/** How many platform calls a reply will cost: guessed at once, asked for as soon as it is more than one plain text. */
export const useReplyCost = (conversationId: string, parts: () => MessagePartInput[], capabilities: () => ChannelCapabilities) => {
  const bytes = computed(() => parts().reduce((sum, part) => sum + (part.type === 'text' ? utf8Bytes(part.text) : 0), 0))
  const guess = computed(() =>
    parts().reduce((sum, part) => sum + (part.type === 'text' ? callsFor(utf8Bytes(part.text), capabilities().maxTextBytes) : 1), 0),
  )
  const answer = ref<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let question = 0

  const ask = async (): Promise<void> => {
    const mine = (question += 1)
    const cost = await fetchReplyCost(conversationId, parts()).catch(() => null)
    if (mine === question) answer.value = cost?.calls ?? null
  }
  watch(parts, (now) => {
    clearTimeout(timer)
    question += 1
    answer.value = null
    const simple = now.length === 0 || (now.length === 1 && bytes.value < capabilities().maxTextBytes * 0.8)
    if (!simple) timer = setTimeout(() => void ask(), ASK_AFTER_MS)
  })
  const calls = computed(() => answer.value ?? guess.value)
  return { bytes, calls }
}

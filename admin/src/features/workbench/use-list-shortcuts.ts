import { computed, onMounted, onUnmounted, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Conversation } from '#api/contract/conversation.ts'
import { provideCommands } from '../../shared/commands.ts'
import { useWords } from '../../shared/use-words.ts'
import { useConversations } from '../../stores/conversations.ts'

/** Alt+↑/↓ walk through the rows on screen; the palette knows every conversation of this browser. */
export const useListShortcuts = (rows: Ref<Conversation[]>, selected: () => string | null, select: (id: string) => void): void => {
  const router = useRouter()
  const conversations = useConversations()
  const { customerName, lastMessage } = useWords()

  const step = (by: number): void => {
    const index = rows.value.findIndex((row) => row.id === selected())
    const next = rows.value[index === -1 ? 0 : index + by]
    if (next !== undefined) select(next.id)
  }
  const onKey = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    step(event.key === 'ArrowUp' ? -1 : 1)
  }
  const commands = computed(() =>
    [...conversations.byId.values()].map((conversation) => ({
      id: `conversation.${conversation.id}`,
      group: 'conversations' as const,
      title: customerName(conversation.customer),
      hint: lastMessage(conversation).slice(0, 40),
      keywords: conversation.channel.name,
      run: () => void router.push({ name: 'workbench', params: { id: conversation.id } }),
    })),
  )
  provideCommands(() => commands.value)
  onMounted(() => window.addEventListener('keydown', onKey))
  onUnmounted(() => window.removeEventListener('keydown', onKey))
}

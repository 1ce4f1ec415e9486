import { computed, onMounted, onUnmounted, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Conversation } from '#api/contract/conversation.ts'
import { provideCommands } from '../../shared/commands.ts'
import { useWords } from '../../shared/use-words.ts'
import { isTyping } from '../../shared/keyboard.ts'
import { usePanelFold } from './use-panel-fold.ts'
import { useConversations } from '../../stores/conversations.ts'

/** Alt+↑/↓ walk through the rows on screen; the palette knows every conversation of this browser. */
export const useListShortcuts = (input: {
  rows: Ref<Conversation[]>
  selected: () => string | null
  select: (id: string) => void
  chooseTab: (number: number) => void
}): void => {
  const { rows, selected, select, chooseTab } = input
  const router = useRouter()
  const conversations = useConversations()
  const { customerName, lastMessage } = useWords()

  const step = (by: number): void => {
    const index = rows.value.findIndex((row) => row.id === selected())
    const next = rows.value[index === -1 ? 0 : index + by]
    if (next !== undefined) select(next.id)
  }
  const { toggleSide } = usePanelFold()
  const onKey = (event: KeyboardEvent): void => {
    if (!event.altKey && !event.ctrlKey && !event.metaKey && !isTyping(event)) {
      if (['1', '2', '3'].includes(event.key)) return chooseTab(Number(event.key) - 1)
      if (event.key === '0') return toggleSide()
    }
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

import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { putDraft } from '../api/conversations.ts'
import { useConversations } from './conversations.ts'

const SAVE_AFTER_MS = 800

/** Unsent words per conversation: at hand at once in this browser, kept on the server for every other one. */
export const useDrafts = defineStore('drafts', () => {
  const conversations = useConversations()
  const texts = reactive(new Map<string, string>())
  const saved = new Map<string, string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const save = async (id: string): Promise<void> => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    const text = texts.get(id) ?? ''
    if (saved.get(id) === text) return
    const before = saved.get(id)
    saved.set(id, text)
    await putDraft(id, text).catch(() => saved.set(id, before ?? ''))
  }

  const textOf = (id: string): string => texts.get(id) ?? conversations.extras.get(id)?.draft ?? ''
  const has = (id: string): boolean => (texts.has(id) ? texts.get(id)?.trim() !== '' : (conversations.byId.get(id)?.hasDraft ?? false))

  const write = (id: string, text: string): void => {
    if (!saved.has(id)) saved.set(id, conversations.extras.get(id)?.draft ?? '')
    texts.set(id, text)
    clearTimeout(timers.get(id))
    timers.set(
      id,
      setTimeout(() => void save(id), SAVE_AFTER_MS),
    )
  }
  /** Sent or thrown away: nothing may bring the old words back. */
  const clear = (id: string): void => {
    write(id, '')
    void save(id)
  }
  /** Leaving a conversation or the page does not wait for the pause in typing. */
  const flush = (): void => [...timers.keys()].forEach((id) => void save(id))

  return { textOf, has, write, clear, flush }
})

import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

export interface Writer {
  from: 'customer' | 'agent'
  name: string | null
  accountId: string | null
}
export interface Viewer {
  id: string
  name: string
}

/** A writer who vanished without saying so is forgotten after this long. */
const TYPING_EXPIRES_MS = 8000

/** What passes and is never stored: who is writing and who else has a conversation open. */
export const useActivity = defineStore('activity', () => {
  const writers = shallowReactive(new Map<string, Writer[]>())
  const viewers = shallowReactive(new Map<string, Viewer[]>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const without = (conversationId: string, writer: Writer): Writer[] =>
    (writers.get(conversationId) ?? []).filter((known) => known.from !== writer.from || known.accountId !== writer.accountId)

  const setTyping = (conversationId: string, writer: Writer, typing: boolean): void => {
    const key = `${conversationId}:${writer.from}:${writer.accountId ?? ''}`
    clearTimeout(timers.get(key))
    timers.delete(key)
    writers.set(conversationId, typing ? [...without(conversationId, writer), writer] : without(conversationId, writer))
    if (typing)
      timers.set(
        key,
        setTimeout(() => setTyping(conversationId, writer, false), TYPING_EXPIRES_MS),
      )
  }
  const setViewers = (conversationId: string, next: Viewer[]): void => void viewers.set(conversationId, next)

  return { writers, viewers, setTyping, setViewers }
})

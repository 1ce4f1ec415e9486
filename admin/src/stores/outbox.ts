import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Message, MessagePart, MessagePartInput } from '#api/contract/message.ts'
import * as api from '../api/conversations.ts'
import { postWhisper } from '../api/helpers.ts'
import { failureCode } from '../api/http.ts'
import { readStoredJson, writeStored } from '../shared/browser-storage.ts'
import {
  failed,
  isTransient,
  queued,
  requeued,
  restored,
  sendable,
  settled,
  started,
  type Outbox,
  type OutboxEntry,
} from './outbox-state.ts'
import { useConversations } from './conversations.ts'
import { useSession } from './session.ts'
import { useTimelines } from './timelines.ts'

export interface Draft {
  conversationId: string
  kind: OutboxEntry['kind']
  parts: MessagePartInput[]
  preview: MessagePart[]
  whenClosed: OutboxEntry['whenClosed']
  mentions?: string[]
  quickReplyId?: string
}

const RETRY_MS = 5000

/** Sends what staff write: in order, once, across lost connections and reloads of the page. */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const timelines = useTimelines()
  const conversations = useConversations()
  const entries = ref<Outbox>([])
  const storageKey = computed(() => `outbox.${session.meId}`)
  let retry: ReturnType<typeof setTimeout> | undefined

  const request = (entry: OutboxEntry): Promise<Message> => {
    const { conversationId: id, clientKey, parts, whenClosed, mentions, quickReplyId } = entry
    const [first] = parts
    const words = first?.type === 'text' ? first.text : ''
    if (entry.kind === 'note') return api.postNote(id, { clientKey, text: words, mentions: mentions ?? [] })
    if (entry.kind === 'whisper') return postWhisper(id, { clientKey, text: words })
    return api.postReply(id, {
      clientKey,
      parts,
      ...(whenClosed === 'hold' ? { whenClosed } : {}),
      ...(quickReplyId === undefined ? {} : { quickReplyId }),
    })
  }

  const deliver = async (entry: OutboxEntry): Promise<void> => {
    try {
      const message = await request(entry)
      await timelines.receive(message)
      entries.value = settled(entries.value, entry.clientKey)
    } catch (error) {
      const code = failureCode(error)
      entries.value = failed(entries.value, entry.clientKey, code)
      // The window as we believed it was wrong: ask for the truth, the composer then offers what is left.
      if (!isTransient(code)) void conversations.loadDetail(entry.conversationId).catch(() => undefined)
      else return scheduleRetry()
    }
    flush()
  }

  /** Sends whatever may go now. Called on writing, on reconnecting and when a request has ended. */
  const flush = (): void => {
    clearTimeout(retry)
    for (const entry of sendable(entries.value)) {
      entries.value = started(entries.value, entry.clientKey)
      void deliver(entry)
    }
  }
  const scheduleRetry = (): void => {
    clearTimeout(retry)
    retry = setTimeout(flush, RETRY_MS)
  }

  const send = (draft: Draft): void => {
    const entry: OutboxEntry = {
      ...draft,
      clientKey: crypto.randomUUID(),
      createdAt: new Date().toISOString(),
      state: 'waiting',
      code: null,
    }
    entries.value = queued(entries.value, entry)
    flush()
  }
  const again = (clientKey: string): void => {
    entries.value = requeued(entries.value, clientKey)
    flush()
  }
  const discard = (clientKey: string): void => void (entries.value = settled(entries.value, clientKey))
  /** The server refused because the window is closed: the same words, to be sent when the customer writes. */
  const hold = (entry: OutboxEntry): void => {
    discard(entry.clientKey)
    const { conversationId, kind, parts, preview, quickReplyId } = entry
    send({ conversationId, kind, parts, preview, whenClosed: 'hold', ...(quickReplyId === undefined ? {} : { quickReplyId }) })
  }

  watch(storageKey, (key) => {
    entries.value = session.me === null ? [] : restored(readStoredJson<Outbox>(key, []))
    flush()
  })
  watch(entries, (value) => {
    if (session.me !== null) writeStored(storageKey.value, value.length === 0 ? null : JSON.stringify(value))
  })
  const of = (conversationId: string) => computed(() => entries.value.filter((entry) => entry.conversationId === conversationId))

  return { entries, of, send, again, discard, hold, flush }
})

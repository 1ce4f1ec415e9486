import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import type { Attachment } from '#api/contract/attachment.ts'
import { uploadAttachment } from '../api/attachments.ts'
import { failureCode, type FailureCode } from '../api/http.ts'
import { playsAsIs } from '../shared/media/voice-format.ts'

export interface Upload {
  key: string
  conversationId: string
  file: File
  /** Object URL of a picture, or of a sound that every browser plays, for the tray; null for other files. */
  previewUrl: string | null
  /** 0 … 1. */
  progress: number
  state: 'uploading' | 'done' | 'failed'
  attachment: Attachment | null
  code: FailureCode | null
}

/** Files on their way to the server, by the conversation they were dropped into; they survive switching conversations. */
export const useUploads = defineStore('uploads', () => {
  const items = ref<Upload[]>([])
  const aborts = new Map<string, AbortController>()

  const of = (conversationId: string) => computed(() => items.value.filter((item) => item.conversationId === conversationId))

  const run = async (item: Upload): Promise<void> => {
    const abort = new AbortController()
    aborts.set(item.key, abort)
    item.state = 'uploading'
    item.code = null
    try {
      item.attachment = await uploadAttachment(item.file, { signal: abort.signal, onProgress: (fraction) => (item.progress = fraction) })
      item.state = 'done'
    } catch (error) {
      item.state = 'failed'
      item.code = failureCode(error)
    } finally {
      aborts.delete(item.key)
    }
  }

  const add = (conversationId: string, file: File): void => {
    const previewUrl = file.type.startsWith('image/') || playsAsIs(file.type) ? URL.createObjectURL(file) : null
    const item: Upload = reactive({
      key: crypto.randomUUID(),
      conversationId,
      file,
      previewUrl,
      progress: 0,
      state: 'uploading',
      attachment: null,
      code: null,
    })
    items.value.push(item)
    void run(item)
  }

  const remove = (key: string): void => {
    aborts.get(key)?.abort()
    const found = items.value.find((item) => item.key === key)
    if (found?.previewUrl) URL.revokeObjectURL(found.previewUrl)
    items.value = items.value.filter((item) => item.key !== key)
  }
  const retry = (key: string): void => {
    const found = items.value.find((item) => item.key === key)
    if (found?.state === 'failed') void run(found)
  }
  const clear = (conversationId: string): void => {
    for (const item of items.value.filter((known) => known.conversationId === conversationId)) remove(item.key)
  }
  return { items, of, add, remove, retry, clear }
})

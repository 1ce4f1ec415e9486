import { computed, onScopeDispose, reactive, ref } from 'vue'
import type { Attachment } from '#api/contract/attachment.ts'
import { MAX_UPLOAD_BYTES } from '#api/contract/upload-limit.ts'
import { uploadAttachment } from '../../../api/attachments.ts'
import { failureCode, type FailureCode } from '../../../api/http.ts'

export interface FileItem {
  key: string
  name: string
  sizeBytes: number
  /** 0 … 1. */
  progress: number
  state: 'uploading' | 'done' | 'failed'
  code: FailureCode | null
  attachment: Attachment | null
}

/** Files of a form: on their way up while the rest is written. @param max how many may be there at once */
export const useFiles = (max: number) => {
  const items = ref<FileItem[]>([])
  const aborts = new Map<string, AbortController>()

  const run = async (item: FileItem, file: File): Promise<void> => {
    const abort = new AbortController()
    aborts.set(item.key, abort)
    try {
      item.attachment = await uploadAttachment(file, { signal: abort.signal, onProgress: (fraction) => (item.progress = fraction) })
      item.state = 'done'
    } catch (error) {
      item.state = 'failed'
      item.code = failureCode(error)
    } finally {
      aborts.delete(item.key)
    }
  }
  const add = (file: File): void => {
    if (items.value.length >= max) return
    const item: FileItem = reactive({
      key: crypto.randomUUID(),
      name: file.name,
      sizeBytes: file.size,
      progress: 0,
      state: 'uploading',
      code: null,
      attachment: null,
    })
    items.value.push(item)
    if (file.size <= MAX_UPLOAD_BYTES && file.size > 0) return void run(item, file)
    item.state = 'failed'
    item.code = file.size === 0 ? 'file_empty' : 'payload_too_large'
  }
  const addAll = (files: Iterable<File>): void => [...files].forEach(add)
  /** What is here already, of a draft for one. */
  const adopt = (attachments: readonly Attachment[]): void => {
    items.value = attachments.map((attachment) => ({
      key: attachment.id,
      name: attachment.name,
      sizeBytes: attachment.sizeBytes,
      progress: 1,
      state: 'done',
      code: null,
      attachment,
    }))
  }
  const remove = (key: string): void => {
    aborts.get(key)?.abort()
    items.value = items.value.filter((item) => item.key !== key)
  }
  const clear = (): void => [...items.value].forEach(({ key }) => remove(key))
  onScopeDispose(() => aborts.forEach((abort) => abort.abort()))

  const ids = computed(() => items.value.flatMap(({ attachment }) => (attachment === null ? [] : [attachment.id])))
  const busy = computed(() => items.value.some(({ state }) => state === 'uploading'))
  const full = computed(() => items.value.length >= max)
  return { items, ids, busy, full, add, addAll, adopt, remove, clear }
}
export type Files = ReturnType<typeof useFiles>

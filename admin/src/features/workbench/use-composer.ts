import { computed, ref, watch } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { MessagePart, MessagePartInput } from '#api/contract/message.ts'
import { useRealtime } from '../../realtime/realtime.ts'
import type { ConversationExtras } from '../../stores/conversations.ts'
import { useDrafts } from '../../stores/drafts.ts'
import { useOutbox } from '../../stores/outbox.ts'
import { useUploads } from '../../stores/uploads.ts'
import { attachmentPart, previewPart } from './attachment-parts.ts'

export interface ComposerInput {
  conversation: () => Conversation
  extras: () => ConversationExtras
}

/** Saying "is typing" again is of no use sooner than this. */
const TYPING_EVERY_MS = 3000
const TYPING_STOPS_MS = 5000

const useTypingSignal = (conversationId: string) => {
  const realtime = useRealtime()
  let saidAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const stopped = (): void => {
    clearTimeout(timer)
    if (saidAt !== 0) realtime.sendTyping(conversationId, false)
    saidAt = 0
  }
  const typed = (): void => {
    if (Date.now() - saidAt > TYPING_EVERY_MS) {
      saidAt = Date.now()
      realtime.sendTyping(conversationId, true)
    }
    clearTimeout(timer)
    timer = setTimeout(stopped, TYPING_STOPS_MS)
  }
  return { typed, stopped }
}

/** Text, files and mode of one reply, and sending it. */
export const useComposer = ({ conversation, extras }: ComposerInput) => {
  const { id } = conversation()
  const drafts = useDrafts()
  const outbox = useOutbox()
  const uploads = useUploads()
  const typing = useTypingSignal(id)
  const mode = ref<'reply' | 'note'>('reply')
  const holding = ref(false)
  const noteText = ref('')
  /** Enter was pressed while a file was still going up: it leaves as soon as that is done. */
  const sendWhenUploaded = ref(false)

  const text = computed({
    get: () => (mode.value === 'note' ? noteText.value : drafts.textOf(id)),
    set: (value: string) => {
      if (mode.value === 'note') noteText.value = value
      else drafts.write(id, value)
      if (mode.value === 'note' || value.trim() === '') typing.stopped()
      else typing.typed()
    },
  })
  const files = uploads.of(id)
  const uploading = computed(() => files.value.some((item) => item.state === 'uploading'))
  const ready = computed(() => files.value.filter((item) => item.state === 'done'))
  const filled = computed(() => text.value.trim() !== '' || (mode.value === 'reply' && files.value.length > 0))

  const parts = computed<MessagePartInput[]>(() => {
    const words: MessagePartInput[] = text.value.trim() === '' ? [] : [{ type: 'text', text: text.value.trim() }]
    if (mode.value === 'note') return words
    return [...words, ...ready.value.flatMap((item) => attachmentPart(item, extras().capabilities))]
  })
  const submit = (input: MessagePartInput[], preview: MessagePart[]): void => {
    outbox.send({ conversationId: id, kind: mode.value, parts: input, preview, whenClosed: holding.value ? 'hold' : 'refuse' })
  }
  const send = (): void => {
    if (mode.value === 'reply' && uploading.value) return void (sendWhenUploaded.value = true)
    sendWhenUploaded.value = false
    if (parts.value.length === 0 || (mode.value === 'reply' && files.value.some((item) => item.state === 'failed'))) return
    const words: MessagePart[] = text.value.trim() === '' ? [] : [{ type: 'text', text: text.value.trim() }]
    const media = mode.value === 'note' ? [] : ready.value.flatMap((item) => previewPart(item, extras().capabilities))
    submit(parts.value, [...words, ...media])
    typing.stopped()
    if (mode.value === 'note') {
      noteText.value = ''
      mode.value = 'reply'
      return
    }
    drafts.clear(id)
    uploads.clear(id)
    holding.value = false
  }
  watch(uploading, (busy) => {
    if (!busy && sendWhenUploaded.value) send()
  })
  watch([text, files], () => {
    if (files.value.length === 0) sendWhenUploaded.value = false
  })
  return { text, mode, holding, files, uploading, filled, parts, sendWhenUploaded, send, submit, stopTyping: typing.stopped }
}

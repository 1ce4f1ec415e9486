import { computed, ref, watch } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { MessagePart, MessagePartInput } from '#api/contract/message.ts'
import { useRealtime } from '../../realtime/realtime.ts'
import type { ConversationExtras } from '../../stores/conversations.ts'
import { useDrafts } from '../../stores/drafts.ts'
import { useOutbox } from '../../stores/outbox.ts'
import { useUploads } from '../../stores/uploads.ts'
import type { ComposerPick } from '../../shared/composer-picker.ts'
import { attachmentPart, previewPart } from './attachment-parts.ts'
import { useMentions } from './composer/use-mentions.ts'

/** To the customer, among staff, or to the agent alone. */
export type ComposerMode = 'reply' | 'note' | 'whisper'
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
  const mode = ref<ComposerMode>('reply')
  const holding = ref(false)
  const noteText = ref('')
  /** Files and cards of a quick reply, waiting above the editor. */
  const attached = ref<ComposerPick['parts']>([])
  const quickReplyId = ref<string | null>(null)
  const mentions = useMentions()
  /** Enter was pressed while a file was still going up: it leaves as soon as that is done. */
  const sendWhenUploaded = ref(false)

  /** Words among staff: they have a text of their own and never reach the customer. */
  const aside = computed(() => mode.value !== 'reply')
  const text = computed({
    get: () => (aside.value ? noteText.value : drafts.textOf(id)),
    set: (value: string) => {
      if (aside.value) noteText.value = value
      else drafts.write(id, value)
      if (aside.value || value.trim() === '') typing.stopped()
      else typing.typed()
    },
  })
  const files = uploads.of(id)
  const uploading = computed(() => files.value.some((item) => item.state === 'uploading'))
  const ready = computed(() => files.value.filter((item) => item.state === 'done'))
  const filled = computed(() => text.value.trim() !== '' || (!aside.value && files.value.length + attached.value.length > 0))

  const parts = computed<MessagePartInput[]>(() => {
    const words: MessagePartInput[] = text.value.trim() === '' ? [] : [{ type: 'text', text: text.value.trim() }]
    if (aside.value) return words
    return [
      ...words,
      ...attached.value.map(({ input }) => input),
      ...ready.value.flatMap((item) => attachmentPart(item, extras().capabilities)),
    ]
  })
  const submit = (input: MessagePartInput[], preview: MessagePart[]): void => {
    outbox.send({
      conversationId: id,
      kind: mode.value,
      parts: input,
      preview,
      whenClosed: holding.value && !aside.value ? 'hold' : 'refuse',
      ...(mode.value === 'note' ? { mentions: mentions.named(text.value) } : {}),
      ...(aside.value || quickReplyId.value === null ? {} : { quickReplyId: quickReplyId.value }),
    })
  }
  const clear = (): void => {
    if (aside.value) {
      noteText.value = ''
      // A supervisor who coaches goes on coaching; a note is one word between answers.
      if (mode.value === 'note') mode.value = 'reply'
      return
    }
    drafts.clear(id)
    uploads.clear(id)
    attached.value = []
    quickReplyId.value = null
    holding.value = false
  }
  const send = (): void => {
    if (!aside.value && uploading.value) return void (sendWhenUploaded.value = true)
    sendWhenUploaded.value = false
    if (parts.value.length === 0 || (!aside.value && files.value.some((item) => item.state === 'failed'))) return
    const words: MessagePart[] = text.value.trim() === '' ? [] : [{ type: 'text', text: text.value.trim() }]
    const media = aside.value
      ? []
      : [...attached.value.map(({ preview }) => preview), ...ready.value.flatMap((item) => previewPart(item, extras().capabilities))]
    submit(parts.value, [...words, ...media])
    typing.stopped()
    clear()
  }
  const attach = (pick: ComposerPick): void => {
    attached.value = [...attached.value, ...pick.parts]
    if (pick.quickReplyId !== undefined) quickReplyId.value = pick.quickReplyId
  }
  const detach = (index: number): void => void (attached.value = attached.value.toSpliced(index, 1))
  watch(uploading, (busy) => {
    if (!busy && sendWhenUploaded.value) send()
  })
  watch([text, files], () => {
    if (files.value.length === 0) sendWhenUploaded.value = false
  })
  return {
    text,
    mode,
    aside,
    holding,
    files,
    attached,
    attach,
    detach,
    mention: mentions.add,
    uploading,
    filled,
    parts,
    sendWhenUploaded,
    send,
    submit,
    stopTyping: typing.stopped,
  }
}

import { onScopeDispose, ref, watch } from 'vue'
import type { TicketDraft } from '#api/contract/ticket.ts'
import { createDraft, fetchDrafts, putDraft, removeDraft } from '../../../api/tickets.ts'
import { draftOf, isBlank, type TicketForm } from './ticket-form.ts'

const SAVE_AFTER_MS = 1500

/**
 * What is typed is kept on the server as one goes; whoever comes back, on whatever device, finds it.
 * @param conversationId drafts of other conversations are not offered here
 */
export const useDraft = (form: TicketForm, conversationId: string | null) => {
  /** One that was left behind earlier, to be taken up or thrown away. */
  const found = ref<TicketDraft | null>(null)
  const own = ref<TicketDraft | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let ended = false

  const look = async (): Promise<void> => {
    const drafts = await fetchDrafts().catch(() => [])
    found.value = drafts.find((draft) => draft.conversationId === conversationId) ?? null
  }
  const write = async (): Promise<void> => {
    if (ended || isBlank(form)) return
    const content = draftOf(form)
    const kept = own.value
    // A colleague does not write here: what fails is tried again with the next key.
    own.value = await (kept === null ? createDraft(conversationId, content) : putDraft(kept.id, content, kept.version)).catch(() => kept)
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    return (running = running.then(write))
  }
  const stop = watch(form, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), SAVE_AFTER_MS)
  })
  const takeUp = (): TicketDraft | null => {
    const draft = found.value
    own.value = draft
    found.value = null
    return draft
  }
  const discard = async (): Promise<void> => {
    const draft = found.value
    found.value = null
    if (draft !== null) await removeDraft(draft.id).catch(() => undefined)
  }
  /** The ticket is there, and took its draft with it. */
  const end = (): void => {
    ended = true
    stop()
    clearTimeout(timer)
  }
  /** Waits for what is on its way, so that the ticket takes the draft with it. */
  const settled = async (): Promise<string | undefined> => {
    clearTimeout(timer)
    await running
    return own.value?.id
  }
  onScopeDispose(() => clearTimeout(timer))
  return { found, own, look, flush, takeUp, discard, end, settled }
}

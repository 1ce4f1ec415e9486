import { computed, shallowRef, watch } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import type { ConversationRating } from '#api/contract/rating.ts'
import { fetchConversationRating, inviteRating } from '../../../api/conversation-rating.ts'
import { useSave } from '../../../shared/use-save.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useTimelines } from '../../../stores/timelines.ts'

/** What the customer was asked and what he answered; asked for again whenever the conversation changes in a way that may concern it. */
export const useRating = (conversation: () => Conversation) => {
  const { t, deliveryReason } = useWords()
  const { busy, save } = useSave()
  const timelines = useTimelines()
  const rating = shallowRef<ConversationRating | null>(null)

  const load = async (): Promise<void> => {
    const { id } = conversation()
    const found = await fetchConversationRating(id).catch(() => null)
    if (id === conversation().id) rating.value = found
  }
  /** An invitation and an answer each leave a line of the product, whose way to the customer matters; what people say to each other changes nothing here. */
  const lastLine = computed(() => {
    const last = timelines.byId.get(conversation().id)?.messages.at(-1)
    return last !== undefined && (last.author.kind === 'system' || last.author.kind === 'bot')
      ? `${last.seq} ${last.delivery?.state ?? ''}`
      : ''
  })
  watch([() => conversation().status, lastLine, () => conversation().assignee?.id], () => void load(), { immediate: true })
  const invite = async (): Promise<void> => {
    const made = await save(() => inviteRating(conversation().id))
    if (made !== null) rating.value = made.value
  }
  /** One line for the header; empty as long as nobody was asked. */
  const words = computed(() => {
    const given = rating.value?.rating
    if (given) return t('ratingState.given', { score: given.score, scale: given.scale })
    const invitation = rating.value?.invitation
    if (!invitation || invitation.state === 'rated') return ''
    const reason = invitation.reason === null ? '' : deliveryReason(invitation.reason)
    return t(`ratingState.${invitation.state}`, { reason })
  })
  const tone = computed(() => {
    const given = rating.value?.rating
    if (given) return given.level
    const state = rating.value?.invitation?.state
    return state === 'not_sent' || state === 'failed' ? 'low' : 'middle'
  })
  const comment = computed(() => rating.value?.rating?.comment ?? '')
  return { rating, busy, invite, words, tone, comment }
}

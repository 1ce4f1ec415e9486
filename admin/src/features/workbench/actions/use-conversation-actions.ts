import { computed, onMounted, onUnmounted, shallowRef, type Component, type ComputedRef } from 'vue'
import type { Conversation } from '#api/contract/conversation.ts'
import { reopenConversation } from '../../../api/ending.ts'
import { removeHelper } from '../../../api/helpers.ts'
import { pinConversation, snoozeConversation } from '../../../api/planning.ts'
import { unblockCustomer } from '../../../api/starting.ts'
import { cancelTransfer } from '../../../api/transfers.ts'
import { useRealtime } from '../../../realtime/realtime.ts'
import { provideCommands } from '../../../shared/commands.ts'
import { isTyping } from '../../../shared/keyboard.ts'
import { toast } from '../../../shared/toast.ts'
import { useSave } from '../../../shared/use-save.ts'
import { useWords } from '../../../shared/use-words.ts'
import { useConversations, type ConversationExtras } from '../../../stores/conversations.ts'
import { useSession } from '../../../stores/session.ts'
import { useAccept } from '../use-accept.ts'
import { useSplit } from '../use-split.ts'
import type { Action } from './action.ts'
import { allowed, type DeedId } from './allowed.ts'
import { DEEDS } from './deeds.ts'
import { DIALOGS, OFFERED } from './dialogs.ts'
import { useRating } from './use-rating.ts'

interface Input {
  conversation: () => Conversation
  extras: () => ConversationExtras | undefined
  select: (id: string) => void
}

/** Everything that can be done with the conversation on screen: the header's buttons, its menu, the palette and the keys are one list. */
export const useConversationActions = ({ conversation, extras, select }: Input) => {
  const { t } = useWords()
  const conversations = useConversations()
  const session = useSession()
  const realtime = useRealtime()
  const rating = useRating(conversation)
  const split = useSplit()
  const { busy: saving, save } = useSave()
  const { accepting, accept } = useAccept(conversation)
  /** The dialog on screen, if any. */
  const dialog = shallowRef<Component | null>(null)
  const under = shallowRef<string | null>(null)

  const open = (component: Component) => (): void => void (dialog.value = component)
  const again = (): Promise<unknown> => conversations.loadDetail(conversation().id).catch(() => undefined)
  const change = (id: DeedId, action: (id: string) => Promise<unknown>, done?: string) => async (): Promise<void> => {
    under.value = id
    await save(() => action(conversation().id), done)
    under.value = null
    await again()
  }
  const reopen = async (): Promise<void> => {
    const made = await save(() => conversations.adopt(reopenConversation(conversation().id)), t('deed.reopened'))
    await again()
    if (made !== null) select(made.value.id)
  }
  const runs: Record<DeedId, () => unknown> = {
    accept,
    transfer: open(DIALOGS.transfer),
    cancelTransfer: change('cancelTransfer', () => cancelTransfer(conversation().transfer?.id ?? ''), t('transferring.cancelled')),
    invite: open(DIALOGS.invite),
    leave: change('leave', (id) => removeHelper(id, session.meId)),
    rate: rating.invite,
    snooze: open(DIALOGS.snooze),
    wake: change('wake', (id) => conversations.adopt(snoozeConversation(id, undefined)), t('planning.woken')),
    pin: change('pin', (id) => conversations.adopt(pinConversation(id, true))),
    unpin: change('unpin', (id) => conversations.adopt(pinConversation(id, false))),
    reminder: open(DIALOGS.reminder),
    history: open(DIALOGS.history),
    listen: async () => {
      if (!(await realtime.toggleListening())) toast.failed(t('deed.listenRefused'))
    },
    takeOver: open(DIALOGS.takeOver),
    merge: open(DIALOGS.merge),
    split: split.start,
    transcript: open(DIALOGS.transcript),
    wrapUp: open(DIALOGS.close),
    reopen,
    block: open(DIALOGS.block),
    unblock: change('unblock', () => unblockCustomer(conversation().customer.id), t('blocking.lifted')),
    close: open(DIALOGS.close),
  }
  const titleOf = (id: DeedId): string => t(id === 'listen' && realtime.listening ? 'deed.stopListening' : `deed.${id}`)

  const standing = computed(() => ({
    conversation: conversation(),
    permissions: extras()?.permissions,
    meId: session.meId,
    can: session.can,
    canInviteRating: rating.rating.value?.canInvite ?? false,
  }))
  const offered = computed<Action[]>(() =>
    OFFERED.filter(({ action }) => action.permission === undefined || session.can(action.permission))
      .filter(({ action }) => action.available(conversation()))
      .map(({ action, component }) => ({
        id: action.id,
        title: t(action.titleKey),
        icon: action.icon,
        place: 'menu',
        run: open(component),
      })),
  )
  const actions: ComputedRef<Action[]> = computed(() => [
    ...DEEDS.filter(({ id }) => allowed(id, standing.value)).map((deed) => ({
      ...deed,
      title: titleOf(deed.id),
      run: () => void runs[deed.id](),
    })),
    ...offered.value,
  ])
  const busy = computed(() => (accepting.value ? 'accept' : rating.busy.value ? 'rate' : saving.value ? under.value : null))

  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || dialog.value !== null) return
    // A dialog, a menu or the palette of somebody else has the keys while it is open.
    if (document.querySelector('[role=dialog]:not([aria-hidden=true]), [role=menu]:focus-within') !== null) return
    const action = actions.value.find(({ key }) => key === event.key)
    if (action === undefined) return
    event.preventDefault()
    action.run()
  }
  provideCommands(() =>
    actions.value.map(({ id, title, icon, key, run }) => ({
      id: `conversation-action.${id}`,
      group: 'actions',
      title,
      icon,
      run,
      ...(key === undefined ? {} : { hint: key.toUpperCase() }),
    })),
  )
  onMounted(() => window.addEventListener('keydown', onKey))
  onUnmounted(() => window.removeEventListener('keydown', onKey))
  const closeDialog = (): void => void (dialog.value = null)
  return { actions, busy, dialog, closeDialog, rating }
}

import { computed, ref, type Ref } from 'vue'
import type { TicketDetail } from '#api/contract/ticket.ts'
import { OPEN_STATUSES } from '#api/contract/ticket-status.ts'
import { provideCommands } from '../../../shared/commands.ts'
import { useWords } from '../../../shared/use-words.ts'

/** What can be done with a ticket beside moving it: the menu and the palette are one list. */
export const useDeeds = (ticket: () => TicketDetail | null, mine: Ref<boolean>) => {
  const { t } = useWords()
  const dialog = ref<string | null>(null)
  const deeds = computed(() => {
    const now = ticket()
    if (now === null) return []
    const open = OPEN_STATUSES.includes(now.status) && now.mergedInto === null
    return [
      { id: 'assign', title: t('ticketWork.assign'), on: open && now.may.assign },
      { id: 'transfer', title: t('ticketWork.transfer'), on: open && mine.value && !now.may.assign },
      { id: 'escalate', title: t('ticketWork.escalate'), on: open && now.may.edit },
      { id: 'merge', title: t('ticketLink.merge.title'), on: now.may.merge && now.mergedInto === null, divided: true },
      { id: 'split', title: t('ticketLink.split.title'), on: now.may.merge && now.mergedInto === null },
    ].filter(({ on }) => on)
  })
  provideCommands(() =>
    deeds.value.map(({ id, title }) => ({ id: `ticket.${id}`, title, group: 'actions', run: () => (dialog.value = id) })),
  )
  return { deeds, dialog }
}

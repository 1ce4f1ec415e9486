import { PRIORITIES } from '#api/contract/priority.ts'
import type { BoardLanes, BoardGroup } from '#api/contract/ticket-board.ts'
import { useWords } from '../../../shared/use-words.ts'
import { usePriorityWords } from '../parts/use-priority-words.ts'
import { NOBODY } from './board-shape.ts'

/** What columns and lanes are called: people, teams and types by name, the rest by the reader's words. */
export const useBoardWords = () => {
  const words = useWords()
  const priorityWord = usePriorityWords()
  const nameOf = (by: BoardGroup | BoardLanes, { key, name }: { key: string; name: string | null }): string => {
    if (by === 'status') return words.t(`ticket.status.${key}`)
    const priority = PRIORITIES.find((each) => each === key)
    if (by === 'priority' && priority !== undefined) return priorityWord(priority)
    if (key === NOBODY) return words.t(by === 'team' ? 'ticket.noTeam' : 'ticket.nobody')
    return name ?? words.t('ticketBoard.former')
  }
  return { ...words, nameOf }
}

import { PRIORITIES, type Priority } from '../../contract/priority.ts'

/** `tickets.priority_rank`, which indexes are ordered by: 1 is the most urgent. */
export const rankOf = (priority: Priority): number => PRIORITIES.length - PRIORITIES.indexOf(priority)

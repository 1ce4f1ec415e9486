import type { z } from 'zod'
import type { Conversation } from '#api/contract/conversation.ts'
import type { Reminder, reminderRequest } from '#api/contract/ending.ts'
import { http, type Page } from './http.ts'

export type ReminderBody = z.input<typeof reminderRequest>

const at = (id: string) => `/conversations/${encodeURIComponent(id)}`

/** @param until null: until the customer writes; undefined: wakes it */
export const snoozeConversation = (id: string, until: string | null | undefined): Promise<Conversation> =>
  http.put(`${at(id)}/snooze`, { snooze: until === undefined ? null : { until } })
export const pinConversation = (id: string, pinned: boolean): Promise<Conversation> => http.put(`${at(id)}/pin`, { pinned })
export const createReminder = (id: string, body: ReminderBody): Promise<Reminder> => http.post(`${at(id)}/reminders`, body)
export const fetchReminders = (): Promise<Page<Reminder>> => http.page('/me/reminders', { limit: 100 })
export const removeReminder = (id: string): Promise<null> => http.delete(`/reminders/${encodeURIComponent(id)}`)

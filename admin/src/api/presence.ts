import type { PresenceLog } from '#api/contract/presence.ts'
import { http } from './http.ts'

/** @param day `YYYY-MM-DD` of the company's time zone; today without it */
export const fetchPresenceLog = (day?: string): Promise<PresenceLog> => http.get('/me/presence/log', { day })

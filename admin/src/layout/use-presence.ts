import { useI18n } from 'vue-i18n'
import type { PresenceStatus } from '#api/contract/identity.ts'
import { useSession } from '../stores/session.ts'

/** Stored as codes, so that a supervisor reads them in his own language. */
export const BREAK_REASONS = ['rest', 'lunch', 'meeting', 'training'] as const

export const usePresence = () => {
  const session = useSession()
  const { t, te } = useI18n()
  const reasonWords = (reason: string): string => (te(`presence.${reason}`) ? t(`presence.${reason}`) : reason)
  const choose = (status: PresenceStatus, reason?: string): Promise<void> => session.setPresence(status, reason)
  return { reasonWords, choose }
}

/** What an agent must know before typing: may he answer, how often, for how long. Pure. */
import type { ReplyWindow } from '#api/contract/conversation.ts'

export interface WindowView {
  state: 'unlimited' | 'open' | 'spent' | 'closed'
  /** null = unlimited. */
  remaining: number | null
  /** null = does not close. */
  secondsLeft: number | null
  /** Worth a colour: little time or one answer left. */
  urgent: boolean
}

const URGENT_SECONDS = 15 * 60

/** The clock may have run out since the server looked: the screen does not wait for the next event. */
export const windowView = (window: ReplyWindow, now: number): WindowView => {
  const secondsLeft = window.closesAt === null ? null : Math.max(0, Math.floor((Date.parse(window.closesAt) - now) / 1000))
  const { remaining } = window
  if (window.state === 'closed' || secondsLeft === 0) return { state: 'closed', remaining, secondsLeft: 0, urgent: true }
  if (window.state === 'spent' || remaining === 0) return { state: 'spent', remaining: 0, secondsLeft, urgent: true }
  if (remaining === null && secondsLeft === null) return { state: 'unlimited', remaining, secondsLeft, urgent: false }
  return { state: 'open', remaining, secondsLeft, urgent: (secondsLeft ?? Infinity) < URGENT_SECONDS || (remaining ?? Infinity) <= 1 }
}

/** Platform calls a text needs at the least; the server's answer counts. */
export const callsFor = (bytes: number, maxTextBytes: number): number => Math.max(1, Math.ceil(bytes / maxTextBytes))

export type ComposerBlock = 'none' | 'queued' | 'ended' | 'not_mine' | 'read_only'

export const composerBlock = (input: {
  status: 'queued' | 'open' | 'closed'
  canReply: boolean
  canAccept: boolean
  assigned: boolean
}): ComposerBlock => {
  if (input.canReply) return 'none'
  if (input.status === 'closed') return 'ended'
  if (input.status === 'queued' && input.canAccept) return 'queued'
  return input.assigned ? 'not_mine' : 'read_only'
}

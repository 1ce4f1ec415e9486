import type { ApiFailure } from './api.ts'
import type { Outbox } from './outbox.ts'
import { EMPTY_TIMELINE, type Timeline } from './timeline.ts'
import type { Session } from './wire.ts'

/** Why there is nothing to chat with. */
export type Problem = 'identity_required' | 'identity_invalid' | 'not_found' | 'failed'

export interface ChatState {
  session: Session | null
  problem: Problem | null
  timeline: Timeline
  outbox: Outbox
  /** The agent is writing. */
  typing: boolean
  /** Cut off for so long that it is worth saying. */
  offline: boolean
  /** The customer can see the page: not a hidden frame, not a tab in the background. */
  seen: boolean
  earlier: 'idle' | 'loading' | 'failed'
  /** The latest conversation has been fetched: an empty log is really empty. */
  loaded: boolean
}

export const INITIAL_STATE: ChatState = {
  session: null,
  problem: null,
  timeline: EMPTY_TIMELINE,
  outbox: [],
  typing: false,
  offline: false,
  seen: true,
  earlier: 'idle',
  loaded: false,
}

export function problemOf({ code, status, passing }: ApiFailure): Problem {
  if (code === 'identity_required') return 'identity_required'
  if (code === 'identity_invalid' || code === 'signature_invalid') return 'identity_invalid'
  return !passing && (status === 404 || code === 'channel_disabled') ? 'not_found' : 'failed'
}

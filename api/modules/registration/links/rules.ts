/** What a link is worth now. Pure. */
import type { LinkState } from '../../../contract/registration.ts'
import { Conflict } from '../../../core/errors.ts'

export interface LinkFacts {
  revoked_at: Date | null
  expires_at: Date
  uses: number
  max_uses: number
}

/** Used up goes before expired: it says that the link did its work. */
export function linkState(link: LinkFacts, now: Date): LinkState {
  if (link.revoked_at !== null) return 'revoked'
  if (link.uses >= link.max_uses) return 'used_up'
  return link.expires_at <= now ? 'expired' : 'valid'
}

const CODES = { revoked: 'link_revoked', used_up: 'link_used_up', expired: 'link_expired' } as const

export function linkRefusal(state: Exclude<LinkState, 'valid'>): Conflict {
  return new Conflict(CODES[state], `this registration link is ${state.replace('_', ' ')}`)
}

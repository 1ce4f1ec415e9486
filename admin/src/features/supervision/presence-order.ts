import type { PresenceStatus } from '#api/contract/identity.ts'

/** Who can take something first. */
export const PRESENCE_ORDER: readonly PresenceStatus[] = ['online', 'busy', 'break', 'offline']

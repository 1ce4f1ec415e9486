import type { PresenceStatus } from '#api/contract/identity.ts'

/** As they are offered and counted: who works first. */
export const PRESENCE_ORDER: readonly PresenceStatus[] = ['online', 'busy', 'break', 'offline']

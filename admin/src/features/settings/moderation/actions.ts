import type { INBOUND_ACTIONS, ModerationAction } from '#api/contract/moderation.ts'

export const INBOUND: readonly (typeof INBOUND_ACTIONS)[number][] = ['block', 'mask', 'notify']
export const OUTBOUND: readonly ModerationAction[] = ['block', 'approve', 'mask', 'notify']

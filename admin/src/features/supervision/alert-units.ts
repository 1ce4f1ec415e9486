import type { AlertKind } from '#api/contract/supervision.ts'

export const ALERT_UNIT_OF: Readonly<Record<AlertKind, 'count' | 'seconds'>> = {
  queue_length: 'count',
  queue_wait: 'seconds',
  no_reply: 'seconds',
  channel_down: 'seconds',
  delivery_failures: 'count',
}
export const TEAM_KINDS = ['queue_length', 'queue_wait', 'no_reply'] as const satisfies readonly AlertKind[]

/** On the screens of those concerned, and in their notifications when it is new. Other ways (WeCom) listen to `alert.raised` and `alert.resolved`. */
import type { NotificationKind } from '../../../contract/notification.ts'
import type { AlertKind } from '../../../contract/supervision.ts'
import type { Ctx } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import { notify } from '../../notifications/index.ts'
import { audienceOf } from './audience.ts'
import { type AlertRow, presentAlert } from './present-alert.ts'

const NEWS: Record<AlertKind, { kind: NotificationKind; params: (row: AlertRow) => Record<string, string | number> }> = {
  queue_length: { kind: 'alert.queue_length', params: (row) => ({ team: row.team_name ?? '', count: row.count }) },
  queue_wait: { kind: 'alert.queue_wait', params: (row) => ({ team: row.team_name ?? '', count: row.count, seconds: row.threshold }) },
  no_reply: { kind: 'alert.no_reply', params: (row) => ({ team: row.team_name ?? '', count: row.count, seconds: row.threshold }) },
  channel_down: { kind: 'alert.channel_down', params: (row) => ({ channel: row.channel_name ?? '', seconds: row.value }) },
  delivery_failures: { kind: 'alert.delivery_failures', params: (row) => ({ channel: row.channel_name ?? '', count: row.count }) },
}

export async function tellOfAlerts(ctx: Ctx, rows: readonly AlertRow[]): Promise<void> {
  if (rows.length === 0) return
  const audience = await audienceOf(ctx)
  for (const row of rows) {
    const to = audience(row.team_id)
    if (to.length === 0) continue
    ctx.push({
      namespace: 'staff',
      rooms: to.map(rooms.staff),
      event: { type: 'supervision.alert', id: row.id, version: row.version, patch: { alert: presentAlert(row) } },
    })
    if (row.resolved_at === null && row.acknowledged_at === null) {
      const { kind, params } = NEWS[row.kind]
      // At most a handful at once, each to other people.
      await notify(ctx, { to, kind, params: params(row), link: '/supervision', key: `alert:${row.id}` })
    }
  }
}

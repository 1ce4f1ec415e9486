import type { ChannelAccount, InboundEventRow } from '../../contract/channel.ts'
import type { App } from '../../core/app.ts'
import type { ChannelAccountRow, InboundEventRecord } from './model.ts'
import { kindOf, openSettings } from './settings.ts'

export function presentAccount(app: App, row: ChannelAccountRow): ChannelAccount {
  const settings = openSettings(app, row)
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    status: row.status,
    config: row.config,
    secretsSet: kindOf(app, row.kind).secrets.filter((name) => settings[name] !== undefined && settings[name] !== ''),
    showAgentName: row.show_agent_name,
    callbackUrl: kindOf(app, row.kind).receivesCallbacks ? `${app.config.publicUrl}/channels/${row.kind}/${row.id}` : null,
    health: { state: row.health, reason: row.health_reason, checkedAt: row.health_checked_at?.toISOString() ?? null },
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

export function presentInboundEvent(row: InboundEventRecord): InboundEventRow {
  return {
    id: row.id,
    externalKey: row.external_key,
    kind: row.kind,
    sender: row.sender === null ? null : `…${row.sender.slice(-4)}`,
    state: row.state,
    reason: row.reason,
    duplicates: row.duplicates,
    occurredAt: row.occurred_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
  }
}

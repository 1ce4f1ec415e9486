import { z } from 'zod'
import { type Alert, ALERT_KINDS } from '../../../contract/supervision.ts'

/** Rows of alerts with the names that screens show. */
export const ALERT_COLUMNS = `al.id, al.kind, al.team_id, t.name as team_name, al.channel_account_id, ch.name as channel_name, ch.kind as channel_kind,
  al.value, al.count, al.threshold, al.raised_at, al.resolved_at, al.acknowledged_by, by.name as acknowledged_name, al.acknowledged_at, al.version`
export const ALERT_JOINS = `left join teams t on t.id = al.team_id left join channel_accounts ch on ch.id = al.channel_account_id
  left join accounts by on by.id = al.acknowledged_by`

export const alertRow = z.object({
  id: z.string(),
  kind: z.enum(ALERT_KINDS),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  channel_account_id: z.string().nullable(),
  channel_name: z.string().nullable(),
  channel_kind: z.string().nullable(),
  value: z.number(),
  count: z.number(),
  threshold: z.number(),
  raised_at: z.date(),
  resolved_at: z.date().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_name: z.string().nullable(),
  acknowledged_at: z.date().nullable(),
  version: z.number(),
})
export type AlertRow = z.infer<typeof alertRow>
export const alertRows = z.object({ rows: z.array(alertRow) })

export const presentAlert = (row: AlertRow): Alert => ({
  id: row.id,
  kind: row.kind,
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
  channel:
    row.channel_account_id === null ? null : { id: row.channel_account_id, name: row.channel_name ?? '', kind: row.channel_kind ?? '' },
  value: row.value,
  count: row.count,
  threshold: row.threshold,
  raisedAt: row.raised_at.toISOString(),
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  acknowledged:
    row.acknowledged_by === null || row.acknowledged_at === null
      ? null
      : { by: { id: row.acknowledged_by, name: row.acknowledged_name ?? '' }, at: row.acknowledged_at.toISOString() },
  version: row.version,
})

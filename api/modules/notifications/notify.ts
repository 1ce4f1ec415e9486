import { z } from 'zod'
import { NOTIFICATION_KINDS, type NotificationKind } from '../../contract/notification.ts'
import type { Ctx } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { rooms } from '../../core/realtime/realtime.ts'
import { presentNotification } from './present.ts'

const inserted = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      account_id: z.string(),
      kind: z.enum(NOTIFICATION_KINDS),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      link: z.string().nullable(),
      created_at: z.date(),
      read_at: z.date().nullable(),
      unread: z.coerce.number(),
    }),
  ),
})

export interface News {
  /** Accounts of staff; the same one twice is told once. */
  to: readonly string[]
  kind: NotificationKind
  /** Names, counts and days to be worded; no phone numbers. */
  params: Record<string, string | number>
  /** A path of the workbench. */
  link?: string | null
  /** Names the fact (`relation.expiring:<id>:<day>`): one account is told of one key once, in whatever process and however often. */
  key: string
}

/** Tells members of staff something; pushed to their sockets after the commit. Safe to repeat. @returns how many were told now */
export async function notify(ctx: Ctx, news: News): Promise<number> {
  const rows = [...new Set(news.to)].sort().map((accountId) => ({
    id: newId(),
    account_id: accountId,
    kind: news.kind,
    params: news.params,
    link: news.link ?? null,
    key: news.key,
    created_at: ctx.now.toISOString(),
  }))
  if (rows.length === 0) return 0
  const { rows: told } = inserted.parse(
    await ctx.trx.raw(
      `with told as (
         insert into notifications (id, account_id, kind, params, link, key, created_at)
         select * from json_to_recordset(?::json) as t(id uuid, account_id uuid, kind text, params jsonb, link text, key text, created_at timestamptz)
         on conflict (account_id, key) do nothing
         returning id, account_id, kind, params, link, created_at, read_at)
       select told.*, 1 + (select count(*) from notifications n where n.account_id = told.account_id and n.read_at is null) as unread from told`,
      [JSON.stringify(rows)],
    ),
  )
  for (const row of told) {
    ctx.push({
      namespace: 'staff',
      rooms: [rooms.staff(row.account_id)],
      event: {
        type: 'notification.created',
        id: row.account_id,
        version: 1,
        patch: { notification: presentNotification(row), unread: row.unread },
      },
    })
  }
  return told.length
}

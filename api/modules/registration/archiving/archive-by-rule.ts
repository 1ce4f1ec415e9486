/** 转正 by rule: who has a proven number, a name, and a 单位 that is exactly one institution, needs nobody to look (BP-001.5). */
import { z } from 'zod'
import type { App } from '../../../core/app.ts'
import { type Ctx, inTransaction, SYSTEM } from '../../../core/context.ts'
import { makeFormal } from '../../customers/index.ts'
import { RegistrationRow, SettingsRow } from '../model.ts'

const REASON = 'institution_matches'
const BATCH = 200
const CHECK_AGAIN_HOURS = 1

const matchRow = z.object({ customer_id: z.string(), institution_id: z.string().nullable() })

/** Registered customers who may be due, with the one institution of that name; null where there is none. */
const matches = (ctx: Ctx) =>
  ctx
    .trx('registrations as r')
    .join('customers as c', 'c.id', 'r.customer_id')
    .joinRaw('left join institutions n on lower(n.name) = lower(trim(r.organisation)) and n.archived_at is null')
    .where('c.status', 'temporary')
    .whereNull('c.merged_into_id')
    .whereNull('c.archived_at')
    .whereNotNull('r.organisation')
    .whereRaw('coalesce(c.remark_name, c.name) is not null')
    .whereExists((proven) =>
      proven
        .select(ctx.trx.raw('1'))
        .from('customer_identities as i')
        .whereRaw('i.customer_id = c.id')
        .where('i.kind', 'phone')
        .whereNotNull('i.verified_at'),
    )
    .select('r.customer_id', 'n.id as institution_id')

const isOn = async (ctx: Ctx): Promise<boolean> => (await SettingsRow.query(ctx.trx).findOne({ only_row: true }))?.archive_matching === true

/** After he registered or completed his profile; idempotent. */
export async function archiveIfMatching(ctx: Ctx, customerId: string): Promise<void> {
  if (!(await isOn(ctx))) return
  const row = matchRow.optional().parse(await matches(ctx).where('r.customer_id', customerId).first())
  if (row?.institution_id) await makeFormal(ctx, customerId, { institutionId: row.institution_id, reason: REASON })
  await RegistrationRow.query(ctx.trx).findById(customerId).patch({ archive_checked_at: ctx.now })
}

/** Institutions come later than their people: everybody who waits is looked at again now and then. */
export async function archiveMatching(app: App): Promise<void> {
  for (;;) {
    const done = await inTransaction(app, SYSTEM, archiveSome)
    if (done < BATCH) return
  }
}

async function archiveSome(ctx: Ctx): Promise<number> {
  if (!(await isOn(ctx))) return 0
  const rows = z
    .array(matchRow)
    .parse(
      await matches(ctx)
        .whereRaw(`coalesce(r.archive_checked_at, '-infinity') < app_now() - ? * interval '1 hour'`, [CHECK_AGAIN_HOURS])
        .orderBy('r.customer_id')
        .limit(BATCH)
        .forUpdate('r')
        .skipLocked(),
    )
  for (const row of rows) {
    if (row.institution_id) await makeFormal(ctx, row.customer_id, { institutionId: row.institution_id, reason: REASON })
  }
  await RegistrationRow.query(ctx.trx)
    .whereIn(
      'customer_id',
      rows.map((row) => row.customer_id),
    )
    .patch({ archive_checked_at: ctx.now })
  return rows.length
}

/** One set of rules for how tickets end, and the words for it. */
import type { TicketEndingSettings, TicketEndingSettingsPut, TicketTexts } from '../../../contract/ticket-ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Row } from '../../../core/db.ts'
import { Conflict, Invalid } from '../../../core/errors.ts'
import { changesOf, record } from '../../audit/index.ts'
import { textFaults } from './texts.ts'

export class EndingSettingsRow extends Row {
  static override tableName = 'ticket_ending_settings'
  static override idColumn = 'only_row'
  static override jsonAttributes = ['texts']
  declare auto_close_days: number
  declare notice_days: number
  declare reopen_days: number
  declare urges_per_day: number
  declare urge_minutes: number
  declare rating: boolean
  declare off_hours_tickets: boolean
  declare menu_key: string
  declare texts: TicketTexts
  declare version: number
  declare updated_at: Date
}

export const endingSettingsOf = async (ctx: Pick<Ctx, 'trx'>): Promise<EndingSettingsRow> =>
  EndingSettingsRow.query(ctx.trx).first().throwIfNotFound()

export async function presentSettings(ctx: Pick<Ctx, 'trx'>): Promise<TicketEndingSettings> {
  const row = await endingSettingsOf(ctx)
  return {
    autoCloseDays: row.auto_close_days,
    noticeDays: row.notice_days,
    reopenDays: row.reopen_days,
    urgesPerDay: row.urges_per_day,
    urgeMinutes: row.urge_minutes,
    rating: row.rating,
    offHoursTickets: row.off_hours_tickets,
    menuKey: row.menu_key,
    texts: row.texts,
    version: row.version,
  }
}

/**
 * What waits already keeps the days it was given.
 * @throws Conflict `version_conflict`; Invalid `template_variable_unknown`
 */
export async function putSettings(ctx: Ctx<StaffActor>, input: TicketEndingSettingsPut): Promise<TicketEndingSettings> {
  const row = await EndingSettingsRow.query(ctx.trx).first().forUpdate().throwIfNotFound()
  if (row.version !== input.version)
    throw new Conflict('version_conflict', 'somebody else changed these settings', { version: row.version })
  const faults = textFaults(input.texts)
  if (faults.length > 0)
    throw new Invalid('template_variable_unknown', 'a text names something that nobody fills in', { variables: faults })
  const before = await presentSettings(ctx)
  await EndingSettingsRow.query(ctx.trx).patch({
    auto_close_days: input.autoCloseDays,
    notice_days: input.noticeDays,
    reopen_days: input.reopenDays,
    urges_per_day: input.urgesPerDay,
    urge_minutes: input.urgeMinutes,
    rating: input.rating,
    off_hours_tickets: input.offHoursTickets,
    menu_key: input.menuKey,
    texts: input.texts,
    version: row.version + 1,
    updated_at: ctx.now,
  })
  const after = await presentSettings(ctx)
  const changes = changesOf({ ...before, version: 0 }, { ...after, version: 0 })
  if (changes) await record(ctx, { action: 'ticket_ending.changed', object: { kind: 'ticket_ending_settings' }, ...changes })
  return after
}

/** Rules of the start of a consultation: the account's own, else the company's, else these. */
import { z } from 'zod'
import type { ConsultationRules, ConsultationSettings, ConsultationSettingsPut } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { ChannelAccountRow } from '../../channels/index.ts'
import { AUTO_TEXT_DEFAULTS, textFaults, type StoredTexts, storedTextsSchema } from './texts.ts'

export const RULE_DEFAULTS: ConsultationRules = {
  teamId: null,
  calendarId: null,
  choiceTeamIds: [],
  choiceSeconds: 60,
  undecided: 'queue',
  queueMinutes: null,
  pageGoneMinutes: null,
  queueLines: 2,
}

/** SQL: the settings that hold for the account in this column, at most one row, as the lateral table `s`. */
export const SETTINGS_OF = (account: string): string => `lateral (
  select id, team_id, calendar_id, choice_seconds, undecided, queue_minutes, page_gone_minutes, queue_lines, texts, channel_account_id, version,
    (select coalesce(json_agg(t.team_id order by t.position), '[]') from consultation_choice_teams t where t.settings_id = consultation_settings.id) as choice_team_ids
  from consultation_settings where channel_account_id = ${account} or channel_account_id is null order by channel_account_id nulls last limit 1) as s`

export const settingsRowSchema = z.object({
  team_id: z.string().nullable(),
  calendar_id: z.string().nullable(),
  choice_seconds: z.number(),
  undecided: z.enum(['queue', 'close']),
  queue_minutes: z.number().nullable(),
  page_gone_minutes: z.number().nullable(),
  queue_lines: z.number(),
  choice_team_ids: z.array(z.string()),
  texts: storedTextsSchema,
  channel_account_id: z.string().nullable(),
  version: z.number(),
})
type SettingsRow = z.infer<typeof settingsRowSchema>

const rulesOf = (row: SettingsRow): ConsultationRules => ({
  teamId: row.team_id,
  calendarId: row.calendar_id,
  choiceTeamIds: row.choice_team_ids,
  choiceSeconds: row.choice_seconds,
  undecided: row.undecided,
  queueMinutes: row.queue_minutes,
  pageGoneMinutes: row.page_gone_minutes,
  queueLines: row.queue_lines,
})

export interface AccountSettings {
  rules: ConsultationRules
  texts: StoredTexts
}
export const BUILT_IN: AccountSettings = { rules: RULE_DEFAULTS, texts: {} }

async function settingsRow(ctx: Pick<Ctx, 'trx'>, accountId: string | null): Promise<SettingsRow | null> {
  const answer: unknown = await ctx.trx.raw(`select s.* from (select ?::uuid as id) a cross join ${SETTINGS_OF('a.id')}`, [accountId])
  return z.object({ rows: z.array(settingsRowSchema) }).parse(answer).rows[0] ?? null
}

/** What holds for this account now. One statement. */
export async function settingsOf(ctx: Pick<Ctx, 'trx'>, accountId: string | null): Promise<AccountSettings> {
  const row = await settingsRow(ctx, accountId)
  return row ? { rules: rulesOf(row), texts: row.texts } : BUILT_IN
}

/** For the settings page, with every text in full. @throws NotFound for an account that is not there */
export async function presentSettings(ctx: Ctx, accountId: string | null): Promise<ConsultationSettings> {
  if (accountId !== null && !(await ChannelAccountRow.query(ctx.trx).findById(accountId).select('id')))
    throw new NotFound('channel account')
  const row = await settingsRow(ctx, accountId)
  const own = row !== null && row.channel_account_id === accountId
  return {
    accountId,
    inherited: !own,
    rules: row ? rulesOf(row) : RULE_DEFAULTS,
    texts: { ...AUTO_TEXT_DEFAULTS, ...(row?.texts ?? {}) },
    version: own ? row.version : 0,
  }
}

/**
 * Replaces the settings of the company (`accountId` null) or of one account, which then follows the company no more.
 * @throws NotFound also for the calendar; Conflict `version_conflict`, `team_disabled`; Invalid `template_variable_unknown`
 */
export async function putSettings(ctx: Ctx, accountId: string | null, input: ConsultationSettingsPut): Promise<ConsultationSettings> {
  const before = await presentSettings(ctx, accountId)
  const faults = textFaults(input.texts)
  if (faults.length > 0)
    throw new Invalid('template_variable_unknown', 'a text names something that nobody fills in', { variables: faults })
  await checkReferences(ctx, input.rules)
  const id = await write(ctx, accountId, input)
  await ctx.trx('consultation_choice_teams').where({ settings_id: id }).delete()
  const teams = [...new Set(input.rules.choiceTeamIds)].map((teamId, position) => ({ settings_id: id, team_id: teamId, position }))
  if (teams.length > 0) await ctx.trx('consultation_choice_teams').insert(teams)
  const after = await presentSettings(ctx, accountId)
  const changes = changesOf({ ...before.rules, texts: before.texts }, { ...after.rules, texts: after.texts })
  if (changes) await record(ctx, { action: 'consultation.changed', object: { kind: 'consultation_settings', id: accountId }, ...changes })
  return after
}

const ids = z.array(z.object({ id: z.string() }))

/** One statement decides: who comes second finds another version, also when both were the first. */
async function write(ctx: Ctx, accountId: string | null, { rules, texts, version }: ConsultationSettingsPut): Promise<string> {
  const columns = {
    team_id: rules.teamId,
    calendar_id: rules.calendarId,
    choice_seconds: rules.choiceSeconds,
    undecided: rules.undecided,
    queue_minutes: rules.queueMinutes,
    page_gone_minutes: rules.pageGoneMinutes,
    queue_lines: rules.queueLines,
    texts: JSON.stringify(texts),
    updated_at: ctx.now,
  }
  const table = ctx.trx('consultation_settings')
  const [row] = ids.parse(
    version === 0
      ? await table
          .insert({ id: newId(), channel_account_id: accountId, ...columns })
          .onConflict('channel_account_id')
          .ignore()
          .returning('id')
      : await table
          .where({ channel_account_id: accountId, version })
          .update({ ...columns, version: version + 1 })
          .returning('id'),
  )
  if (!row) throw new Conflict('version_conflict', 'somebody else changed these settings', {})
  return row.id
}

/** The account follows the company again. @throws Conflict `version_conflict` */
export async function dropSettings(ctx: Ctx, accountId: string, version: number): Promise<void> {
  const before = await presentSettings(ctx, accountId)
  if (before.inherited) return
  const gone = await ctx.trx('consultation_settings').where({ channel_account_id: accountId, version }).delete()
  if (gone === 0) throw new Conflict('version_conflict', 'somebody else changed these settings', {})
  await record(ctx, {
    action: 'consultation.dropped',
    object: { kind: 'consultation_settings', id: accountId },
    before: { ...before.rules },
    after: null,
  })
}

async function checkReferences(ctx: Ctx, rules: ConsultationRules): Promise<void> {
  const teamIds = [...new Set([...rules.choiceTeamIds, ...(rules.teamId === null ? [] : [rules.teamId])])]
  const known = ids.parse(await ctx.trx('teams').select('id').whereIn('id', teamIds).where({ status: 'active' }).forShare())
  const missing = teamIds.filter((id) => !known.some((team) => team.id === id))
  if (missing.length > 0) throw new Conflict('team_disabled', 'unknown or disabled teams', { teamIds: missing })
  if (rules.calendarId === null) return
  const calendar = ids.parse(await ctx.trx('calendars').select('id').where({ id: rules.calendarId }).forShare())
  if (calendar.length === 0) throw new NotFound('calendar')
}

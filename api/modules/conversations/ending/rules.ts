/** The rules by which conversations end (BP-004.8): one set for all, and what teams and accounts say otherwise. */
import { z } from 'zod'
import { AUTO_TEXTS, type AutoText, WRAP_FIELDS, type WrapField } from '../../../contract/ending.ts'
import { type SpokenText, spokenText } from '../../../contract/spoken-text.ts'
import type { Ctx } from '../../../core/context.ts'
import { Row } from '../../../core/db.ts'

export class ConversationRulesRow extends Row {
  static override tableName = 'conversation_rules'
  static override jsonAttributes = ['texts']
  declare id: string
  declare team_id: string | null
  declare channel_account_id: string | null
  declare idle_warn_minutes: number | null
  declare idle_close_minutes: number | null
  declare reopen_hours: number | null
  declare wrap_up_required: WrapField[] | null
  declare closing_words: string[] | null
  declare texts: Partial<Record<AutoText, SpokenText>>
  declare version: number
  declare updated_by: string | null
  declare created_at: Date
  declare updated_at: Date
}

/** What holds for one conversation. */
export interface Rules {
  idleWarnMinutes: number
  idleCloseMinutes: number
  reopenHours: number
  wrapUpRequired: readonly WrapField[]
  texts: Readonly<Record<AutoText, SpokenText>>
}

type Terms = Pick<
  ConversationRulesRow,
  'team_id' | 'channel_account_id' | 'idle_warn_minutes' | 'idle_close_minutes' | 'reopen_hours' | 'wrap_up_required' | 'texts'
>

const UNSAID: SpokenText = { zh: '', en: '' }

/** Pure: field by field what the team says, else the account, else everybody's. Nothing known: nothing happens by itself. */
export function resolveRules(rows: readonly Terms[], of: { teamId: string | null; channelAccountId: string }): Rules {
  const team = of.teamId === null ? undefined : rows.find((row) => row.team_id === of.teamId)
  const account = rows.find((row) => row.channel_account_id === of.channelAccountId)
  const everybody = rows.find((row) => row.team_id === null && row.channel_account_id === null)
  const order = [team, account, everybody]
  const first = <T>(pick: (row: Terms) => T | null | undefined, otherwise: T): T => {
    for (const row of order) {
      const value = row && pick(row)
      if (value !== null && value !== undefined) return value
    }
    return otherwise
  }
  const text = (name: AutoText) => first((row) => row.texts[name], UNSAID)
  return {
    idleWarnMinutes: first((row) => row.idle_warn_minutes, 0),
    idleCloseMinutes: first((row) => row.idle_close_minutes, 0),
    reopenHours: first((row) => row.reopen_hours, 0),
    wrapUpRequired: first((row) => row.wrap_up_required, []),
    texts: {
      idleWarning: text('idleWarning'),
      idleClosed: text('idleClosed'),
      closed: text('closed'),
      customerClosed: text('customerClosed'),
      blocked: text('blocked'),
    },
  }
}

export async function rulesFor(ctx: Ctx, row: { team_id: string | null; channel_account_id: string }): Promise<Rules> {
  const rows = await ConversationRulesRow.query(ctx.trx).where((scope) =>
    scope
      .where((all) => all.whereNull('team_id').whereNull('channel_account_id'))
      .orWhere('channel_account_id', row.channel_account_id)
      .modify((builder) => void (row.team_id !== null && builder.orWhere('team_id', row.team_id))),
  )
  return resolveRules(rows, { teamId: row.team_id, channelAccountId: row.channel_account_id })
}

export const factsOf = (row: ConversationRulesRow) => ({
  idleWarnMinutes: row.idle_warn_minutes,
  idleCloseMinutes: row.idle_close_minutes,
  reopenHours: row.reopen_hours,
  wrapUpRequired: row.wrap_up_required,
  closingWords: row.closing_words,
  texts: row.texts,
})

export const storedTexts = z.partialRecord(z.enum(AUTO_TEXTS), spokenText(600))
export const storedFields = z.array(z.enum(WRAP_FIELDS))

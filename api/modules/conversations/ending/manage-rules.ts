import { UniqueViolationError } from 'objection'
import { z } from 'zod'
import type { ConversationRules, conversationRulesCreate, conversationRulesPatch } from '../../../contract/ending.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { forgetClosingWords } from './close-by-customer.ts'
import { ConversationRulesRow, factsOf, storedFields, storedTexts } from './rules.ts'

type Terms = Omit<z.infer<typeof conversationRulesPatch>, 'version'>

const shown = z.object({
  id: z.string(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  channel_account_id: z.string().nullable(),
  account_name: z.string().nullable(),
  idle_warn_minutes: z.number().nullable(),
  idle_close_minutes: z.number().nullable(),
  reopen_hours: z.number().nullable(),
  wrap_up_required: storedFields.nullable(),
  closing_words: z.array(z.string()).nullable(),
  texts: storedTexts,
  version: z.number(),
  updated_at: z.date(),
})

const MAX_RULES = 500

/** Those for all first, then teams and accounts by name. */
export async function listRules(ctx: Ctx, id?: string): Promise<ConversationRules[]> {
  const rows: unknown = await ctx
    .trx('conversation_rules as r')
    .leftJoin('teams as t', 't.id', 'r.team_id')
    .leftJoin('channel_accounts as a', 'a.id', 'r.channel_account_id')
    .modify((builder) => void (id !== undefined && builder.where('r.id', id)))
    .select('r.id', 'r.team_id', 't.name as team_name', 'r.channel_account_id', 'a.name as account_name', 'r.idle_warn_minutes')
    .select('r.idle_close_minutes', 'r.reopen_hours', 'r.wrap_up_required', 'r.closing_words', 'r.texts', 'r.version', 'r.updated_at')
    .orderByRaw('(r.team_id is null and r.channel_account_id is null) desc, t.name, a.name, r.id')
    .limit(MAX_RULES)
  return z.array(shown).parse(rows).map(present)
}

const present = (row: z.infer<typeof shown>): ConversationRules => ({
  id: row.id,
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
  channelAccount: row.channel_account_id === null ? null : { id: row.channel_account_id, name: row.account_name ?? '' },
  idleWarnMinutes: row.idle_warn_minutes,
  idleCloseMinutes: row.idle_close_minutes,
  reopenHours: row.reopen_hours,
  wrapUpRequired: row.wrap_up_required,
  closingWords: row.closing_words,
  texts: row.texts,
  version: row.version,
  updatedAt: row.updated_at.toISOString(),
})

async function oneRule(ctx: Ctx, id: string): Promise<ConversationRules> {
  const [rule] = await listRules(ctx, id)
  if (!rule) throw new NotFound('conversation rules')
  return rule
}

const columnsOf = (terms: Terms) => ({
  ...(terms.idleWarnMinutes === undefined ? {} : { idle_warn_minutes: terms.idleWarnMinutes }),
  ...(terms.idleCloseMinutes === undefined ? {} : { idle_close_minutes: terms.idleCloseMinutes }),
  ...(terms.reopenHours === undefined ? {} : { reopen_hours: terms.reopenHours }),
  ...(terms.wrapUpRequired === undefined ? {} : { wrap_up_required: terms.wrapUpRequired && [...new Set(terms.wrapUpRequired)] }),
  ...(terms.closingWords === undefined ? {} : { closing_words: terms.closingWords && cleanWords(terms.closingWords) }),
  ...(terms.texts === undefined ? {} : { texts: storedTexts.parse(terms.texts) }),
})

const cleanWords = (words: readonly string[]): string[] => [...new Set(words.map((word) => word.trim()))].filter((word) => word !== '')

/** For one team or one account. @throws Invalid `invalid_request` unless exactly one is named; Conflict `rules_exist` */
export async function createRules(
  ctx: Ctx<StaffActor>,
  { teamId, channelAccountId, ...terms }: z.infer<typeof conversationRulesCreate>,
): Promise<ConversationRules> {
  if ((teamId === undefined) === (channelAccountId === undefined))
    throw new Invalid('invalid_request', 'rules are for one team or for one account', {
      issues: [{ path: 'teamId', code: 'either_or', message: 'either' }],
    })
  const [table, scope] = teamId === undefined ? (['channel_accounts', channelAccountId] as const) : (['teams', teamId] as const)
  if (
    !(await ctx
      .trx(table)
      .where('id', scope ?? '')
      .first('id'))
  )
    throw new NotFound(table === 'teams' ? 'team' : 'channel account')
  const id = newId()
  await unlessThere(
    ConversationRulesRow.query(ctx.trx).insert({
      id,
      team_id: teamId ?? null,
      channel_account_id: channelAccountId ?? null,
      texts: {},
      ...columnsOf(terms),
      updated_by: ctx.actor.accountId,
      created_at: ctx.now,
      updated_at: ctx.now,
    }),
  )
  const rule = await oneRule(ctx, id)
  await record(ctx, { action: 'conversation_rules.created', object: objectOf(rule), after: { ...terms } })
  ctx.afterCommit(() => forgetClosingWords(ctx.app))
  return rule
}

async function unlessThere(work: PromiseLike<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('rules_exist', 'it has rules of its own already')
    throw error
  }
}

const objectOf = (rule: ConversationRules) => ({
  kind: 'conversation_rules',
  id: rule.id,
  label: rule.team?.name ?? rule.channelAccount?.name ?? null,
})

async function lockRules(ctx: Ctx, id: string, version: number): Promise<ConversationRulesRow> {
  const row = await ConversationRulesRow.query(ctx.trx).findById(id).forNoKeyUpdate()
  if (!row) throw new NotFound('conversation rules')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed the rules', { version: row.version })
  return row
}

const isForAll = (row: ConversationRulesRow): boolean => row.team_id === null && row.channel_account_id === null

/** Null means "as for all", so those for all hold no null. @throws Conflict `version_conflict`; Invalid `invalid_request` */
export async function changeRules(
  ctx: Ctx<StaffActor>,
  id: string,
  { version, ...terms }: z.infer<typeof conversationRulesPatch>,
): Promise<ConversationRules> {
  const row = await lockRules(ctx, id, version)
  const missing = Object.entries(terms).find(([, value]) => value === null)
  if (isForAll(row) && missing)
    throw new Invalid('invalid_request', 'what holds for all cannot be left open', {
      issues: [{ path: missing[0], code: 'required', message: 'required' }],
    })
  const before = factsOf(row)
  const changed = await row.$query(ctx.trx).patchAndFetch({
    ...columnsOf(terms),
    version: row.version + 1,
    updated_by: ctx.actor.accountId,
    updated_at: ctx.now,
  })
  const rule = await oneRule(ctx, id)
  const changes = changesOf(before, factsOf(changed))
  if (changes) await record(ctx, { action: 'conversation_rules.changed', object: objectOf(rule), ...changes })
  ctx.afterCommit(() => forgetClosingWords(ctx.app))
  return rule
}

/** From then on what holds for all holds here. @throws Conflict `version_conflict`, `conflict` for those for all */
export async function removeRules(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await lockRules(ctx, id, version)
  if (isForAll(row)) throw new Conflict('conflict', 'what holds for all can be changed, not removed')
  const rule = await oneRule(ctx, id)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'conversation_rules.removed', object: objectOf(rule), before: factsOf(row) })
  ctx.afterCommit(() => forgetClosingWords(ctx.app))
}

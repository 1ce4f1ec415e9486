/** The rules by which customers are asked; few, so the list is whole. */
import type { z } from 'zod'
import type { RatingRule, RatingRuleCreate, ratingRulePatch } from '../../contract/rating.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { ChannelAccountRow } from '../channels/index.ts'
import { TeamRow } from '../teams/index.ts'
import { RuleRow } from './model.ts'

const MAX_RULES = 100

export const listRules = async (ctx: Ctx): Promise<RuleRow[]> => RuleRow.query(ctx.trx).orderBy(['position', 'id']).limit(MAX_RULES)

export const presentRule = (row: RuleRow): RatingRule => ({
  id: row.id,
  name: row.name,
  closeReasons: row.close_reasons,
  channelAccountIds: row.channel_account_ids,
  teamIds: row.team_ids,
  invite: row.invite,
  enabled: row.enabled,
  position: row.position,
  version: row.version,
})

const factsOf = ({ name, close_reasons: closeReasons, channel_account_ids: channels, team_ids: teams, invite, enabled }: RuleRow) => ({
  name,
  closeReasons,
  channels,
  teams,
  invite,
  enabled,
})

type Given = { [K in keyof RatingRuleCreate]?: RatingRuleCreate[K] | undefined }
const columnsOf = (input: Given) => ({
  ...(input.name === undefined ? {} : { name: input.name }),
  ...(input.closeReasons === undefined ? {} : { close_reasons: input.closeReasons }),
  ...(input.channelAccountIds === undefined ? {} : { channel_account_ids: input.channelAccountIds }),
  ...(input.teamIds === undefined ? {} : { team_ids: input.teamIds }),
  ...(input.invite === undefined ? {} : { invite: input.invite }),
  ...(input.enabled === undefined ? {} : { enabled: input.enabled }),
})

/** A rule that names what is not there would never fit, in silence. */
async function checkNames(ctx: Ctx, input: Given): Promise<void> {
  const channels = [...new Set(input.channelAccountIds)]
  const teams = [...new Set(input.teamIds)]
  const known =
    (await ChannelAccountRow.query(ctx.trx).findByIds(channels).resultSize()) + (await TeamRow.query(ctx.trx).findByIds(teams).resultSize())
  if (known !== channels.length + teams.length) throw new Invalid('invalid_request', 'no such channel account or team')
}

/** Changes of the list take turns. */
const lockRules = (ctx: Ctx) => ctx.trx.raw('select 1 from rating_settings for update')

async function nameIsFree(ctx: Ctx, name: string, except: string | null): Promise<void> {
  const taken = await RuleRow.query(ctx.trx)
    .whereRaw('lower(name) = lower(?)', [name])
    .modify((builder) => void (except !== null && builder.whereNot('id', except)))
    .resultSize()
  if (taken > 0) throw new Conflict('name_taken', 'another rule is called so')
}

/** @throws Conflict `name_taken`, `limit_reached`; Invalid */
export async function createRule(ctx: Ctx<StaffActor>, input: RatingRuleCreate): Promise<RuleRow> {
  await lockRules(ctx)
  await checkNames(ctx, input)
  await nameIsFree(ctx, input.name, null)
  const rules = await listRules(ctx)
  if (rules.length >= MAX_RULES) throw new Conflict('limit_reached', 'enough rules', { max: MAX_RULES })
  const position = Math.max(0, ...rules.map((rule) => rule.position)) + 1
  const row = await RuleRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    ...columnsOf(input),
    position,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  await record(ctx, { action: 'rating_rule.created', object: { kind: 'rating_rule', id: row.id, label: row.name }, after: factsOf(row) })
  return row
}

async function ruleFor(ctx: Ctx, id: string, version: number): Promise<RuleRow> {
  const row = await RuleRow.query(ctx.trx).findById(id).forUpdate()
  if (!row) throw new NotFound('rating rule')
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this rule', { version: row.version })
  return row
}

/** @throws NotFound; Conflict `version_conflict`, `name_taken`; Invalid */
export async function updateRule(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof ratingRulePatch>): Promise<RuleRow> {
  await lockRules(ctx)
  const row = await ruleFor(ctx, id, patch.version)
  await checkNames(ctx, patch)
  if (patch.name !== undefined) await nameIsFree(ctx, patch.name, id)
  const before = factsOf(row)
  const after = await row.$query(ctx.trx).patchAndFetch({ ...columnsOf(patch), version: row.version + 1, updated_at: ctx.now })
  await record(ctx, {
    action: 'rating_rule.changed',
    object: { kind: 'rating_rule', id, label: after.name },
    ...changesOf(before, factsOf(after)),
  })
  return after
}

/** @throws NotFound; Conflict `version_conflict` */
export async function removeRule(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  await lockRules(ctx)
  const row = await ruleFor(ctx, id, version)
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'rating_rule.removed', object: { kind: 'rating_rule', id, label: row.name }, before: factsOf(row) })
}

/** @throws Conflict `version_conflict` when the list has other rules by now */
export async function orderRules(ctx: Ctx<StaffActor>, ids: readonly string[]): Promise<RuleRow[]> {
  await lockRules(ctx)
  const before = await listRules(ctx)
  if (before.length !== ids.length || !before.every(({ id }) => ids.includes(id)))
    throw new Conflict('version_conflict', 'the rules have changed')
  await ctx.trx.raw(
    `update rating_rules r set position = t.position, version = r.version + 1, updated_at = app_now()
     from unnest(?::uuid[]) with ordinality as t(id, position) where r.id = t.id and r.position <> t.position`,
    [[...ids]],
  )
  const after = await listRules(ctx)
  const namesOf = (rules: readonly RuleRow[]) => ({ order: rules.map(({ name }) => name) })
  await record(ctx, { action: 'rating_rule.ordered', object: { kind: 'rating_rule' }, ...changesOf(namesOf(before), namesOf(after)) })
  return after
}

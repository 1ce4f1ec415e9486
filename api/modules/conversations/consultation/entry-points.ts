/** Ways in with a destination: scenes of QR codes, keys of menus, places on a host site. */
import { z } from 'zod'
import { ENTRY_KINDS, type EntryPoint, type EntryPointPut } from '../../../contract/consultation.ts'
import type { Ctx } from '../../../core/context.ts'
import { Conflict, NotFound } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import { changesOf, record } from '../../audit/index.ts'
import { ChannelAccountRow } from '../../channels/index.ts'
import { checkEntry } from '../../settings/index.ts'

const MOST = 500
const rowSchema = z.object({
  id: z.string(),
  channel_account_id: z.string(),
  kind: z.enum(ENTRY_KINDS),
  key: z.string(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  team_status: z.enum(['active', 'disabled']).nullable(),
  business_type_id: z.string().nullable(),
  skill_id: z.string().nullable(),
  version: z.number(),
})

const select = (ctx: Pick<Ctx, 'trx'>) =>
  ctx
    .trx('entry_points as e')
    .leftJoin('teams as t', 't.id', 'e.team_id')
    .select('e.id', 'e.channel_account_id', 'e.kind', 'e.key', 'e.team_id', 'e.business_type_id', 'e.skill_id', 'e.version')
    .select({ team_name: 't.name', team_status: 't.status' })

const present = (row: z.infer<typeof rowSchema>): EntryPoint => ({
  id: row.id,
  accountId: row.channel_account_id,
  kind: row.kind,
  key: row.key,
  team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '', status: row.team_status ?? 'disabled' },
  businessTypeId: row.business_type_id,
  skillId: row.skill_id,
  version: row.version,
})

/** Of one account, at most 500 (checked when one is made). @throws NotFound */
export async function listEntryPoints(ctx: Ctx, accountId: string): Promise<EntryPoint[]> {
  await checkAccount(ctx, accountId)
  const rows: unknown = await select(ctx).where('e.channel_account_id', accountId).orderBy(['e.kind', 'e.key', 'e.id']).limit(MOST)
  return z.array(rowSchema).parse(rows).map(present)
}

async function checkAccount(ctx: Ctx, accountId: string): Promise<ChannelAccountRow> {
  const account = await ChannelAccountRow.query(ctx.trx).findById(accountId).forShare()
  if (!account) throw new NotFound('channel account')
  return account
}

async function one(ctx: Ctx, where: Record<string, string>): Promise<EntryPoint | null> {
  const rows: unknown = await select(ctx).where(where).limit(1)
  const [row] = z.array(rowSchema).parse(rows)
  return row ? present(row) : null
}

/**
 * Makes the destination of a way in, or replaces it.
 * @throws NotFound; Invalid `entry_unknown`, `entry_disabled`; Conflict `team_disabled`, `version_conflict`, `limit_reached`
 */
export async function putEntryPoint(ctx: Ctx, accountId: string, input: EntryPointPut): Promise<EntryPoint> {
  await checkAccount(ctx, accountId)
  const before = await one(ctx, { 'e.channel_account_id': accountId, 'e.kind': input.kind, 'e.key': input.key })
  await checkDestination(ctx, input, before)
  if (before && input.version !== before.version)
    throw new Conflict('version_conflict', 'this way in has a destination already', { version: before.version })
  if (!before && (await listEntryPoints(ctx, accountId)).length >= MOST)
    throw new Conflict('limit_reached', 'too many entry points', { limit: MOST })
  const columns = { team_id: input.teamId, business_type_id: input.businessTypeId, skill_id: input.skillId, updated_at: ctx.now }
  const key = { channel_account_id: accountId, kind: input.kind, key: input.key }
  const written = before
    ? await ctx
        .trx('entry_points')
        .where({ ...key, version: before.version })
        .update({ ...columns, version: before.version + 1 })
        .returning('id')
    : await ctx
        .trx('entry_points')
        .insert({ id: newId(), ...key, ...columns })
        .onConflict(['channel_account_id', 'kind', 'key'])
        .ignore()
        .returning('id')
  if (written.length === 0) throw new Conflict('version_conflict', 'somebody else changed this way in', {})
  const after = await one(ctx, { 'e.channel_account_id': accountId, 'e.kind': input.kind, 'e.key': input.key })
  if (!after) throw new Error('entry point vanished')
  const changes = changesOf(before ? factsOf(before) : {}, factsOf(after))
  if (changes) await record(ctx, { action: 'entry_point.changed', object: objectOf(after), ...changes })
  return after
}

const factsOf = ({ team, businessTypeId, skillId }: EntryPoint) => ({ team: team?.id ?? null, businessTypeId, skillId })
const objectOf = ({ id, kind, key }: EntryPoint) => ({ kind: 'entry_point', id, label: `${kind} ${key}` })

async function checkDestination(ctx: Ctx, { teamId, businessTypeId, skillId }: EntryPointPut, before: EntryPoint | null): Promise<void> {
  if (teamId !== null) {
    const active = await ctx.trx('teams').where({ id: teamId, status: 'active' }).forShare().pluck<string[]>('id')
    if (active.length === 0 && before?.team?.id !== teamId) throw new Conflict('team_disabled', 'unknown or disabled team', { teamId })
  }
  if (businessTypeId !== null) await checkEntry(ctx, 'business_type', businessTypeId, before?.businessTypeId ?? null)
  if (skillId !== null) await checkEntry(ctx, 'skill', skillId, before?.skillId ?? null)
}

/** @throws NotFound; Conflict `version_conflict` */
export async function dropEntryPoint(ctx: Ctx, id: string, version: number): Promise<void> {
  const before = await one(ctx, { 'e.id': id })
  if (!before) throw new NotFound('entry point')
  const gone = await ctx.trx('entry_points').where({ id, version }).delete()
  if (gone === 0) throw new Conflict('version_conflict', 'somebody else changed this way in', { version: before.version })
  await record(ctx, { action: 'entry_point.dropped', object: objectOf(before), before: factsOf(before), after: null })
}

/** Saved views: one's own, and those that a colleague shares with a team one is in. Only the owner changes one. */
import { z } from 'zod'
import type { SavedView, savedViewCreate, savedViewOrder, savedViewPatch } from '../../contract/view.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { teamIdsOf } from '../teams/index.ts'
import { ViewRow } from './model.ts'

const MAX_VIEWS = 100

const rows = z.array(
  z.object({
    id: z.string(),
    owner_id: z.string(),
    owner_name: z.string(),
    team_id: z.string().nullable(),
    team_name: z.string().nullable(),
    page: z.string(),
    name: z.string(),
    filters: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    position: z.number(),
    version: z.number(),
  }),
)

/** One's own first, in one's own order, then those of the teams. */
export async function listViews(ctx: Ctx<StaffActor>, page: string | undefined, only?: string): Promise<SavedView[]> {
  const { accountId } = ctx.actor
  const teams = await teamIdsOf(ctx.app, accountId)
  const found = rows.parse(
    await ctx
      .trx('saved_views as v')
      .join('accounts as o', 'o.id', 'v.owner_id')
      .leftJoin('teams as t', 't.id', 'v.team_id')
      .where((mine) => mine.where('v.owner_id', accountId).orWhereIn('v.team_id', teams))
      .modify((builder) => {
        if (page !== undefined) void builder.where('v.page', page)
        if (only !== undefined) void builder.where('v.id', only)
      })
      .orderByRaw('v.owner_id <> ?, v.page, v.position, v.name, v.id', [accountId])
      .limit(500)
      .select(
        'v.id',
        'v.owner_id',
        'o.name as owner_name',
        'v.team_id',
        't.name as team_name',
        'v.page',
        'v.name',
        'v.filters',
        'v.position',
        'v.version',
      ),
  )
  return found.map((row) => ({
    id: row.id,
    page: row.page,
    name: row.name,
    filters: row.filters,
    owner: { id: row.owner_id, name: row.owner_name },
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    mine: row.owner_id === accountId,
    editable: row.owner_id === accountId,
    position: row.position,
    version: row.version,
  }))
}

async function presentOne(ctx: Ctx<StaffActor>, id: string): Promise<SavedView> {
  const [view] = await listViews(ctx, undefined, id)
  if (!view) throw new NotFound('view')
  return view
}

/** @throws Forbidden, `team_not_yours` */
async function checkTeam(ctx: Ctx<StaffActor>, teamId: string | null | undefined): Promise<void> {
  if (teamId === null || teamId === undefined) return
  if (!ctx.actor.permissions.has('views.share')) throw new Forbidden('forbidden', 'you may keep views for yourself only')
  if (!(await teamIdsOf(ctx.app, ctx.actor.accountId)).includes(teamId)) throw new Forbidden('team_not_yours', 'you are not in this team')
}

/** Names are one's own: two tabs that save at once are told apart by the row of the account. */
async function lockOwn(ctx: Ctx<StaffActor>, page: string): Promise<ViewRow[]> {
  await ctx.trx.raw('select 1 from accounts where id = ? for no key update', [ctx.actor.accountId])
  return ViewRow.query(ctx.trx).where({ owner_id: ctx.actor.accountId, page }).orderBy(['position', 'id'])
}

const taken = (views: readonly ViewRow[], name: string, except?: string): boolean =>
  views.some((view) => view.id !== except && view.name.toLowerCase() === name.toLowerCase())

const objectOf = ({ id, name }: Pick<ViewRow, 'id' | 'name'>) => ({ kind: 'saved_view', id, label: name })
const sharing = ({ name, page, team_id: teamId, filters }: ViewRow) => ({ name, page, teamId, filters })

/** @throws Conflict `name_taken`, `limit_reached`; Forbidden */
export async function createView(ctx: Ctx<StaffActor>, input: z.output<typeof savedViewCreate>): Promise<SavedView> {
  await checkTeam(ctx, input.teamId)
  const own = await lockOwn(ctx, input.page)
  if (taken(own, input.name)) throw new Conflict('name_taken', 'another view of yours is called so')
  if (own.length >= MAX_VIEWS) throw new Conflict('limit_reached', 'enough views of this page', { max: MAX_VIEWS })
  const row = await ViewRow.query(ctx.trx).insertAndFetch({
    id: newId(),
    owner_id: ctx.actor.accountId,
    team_id: input.teamId,
    page: input.page,
    name: input.name,
    filters: input.filters,
    position: Math.max(0, ...own.map(({ position }) => position)) + 1,
    created_at: ctx.now,
    updated_at: ctx.now,
  })
  // What one keeps for oneself is nobody's business; what colleagues see is.
  if (row.team_id !== null) await record(ctx, { action: 'saved_view.shared', object: objectOf(row), after: sharing(row) })
  return presentOne(ctx, row.id)
}

async function ownView(ctx: Ctx<StaffActor>, id: string, version: number): Promise<ViewRow> {
  const row = await ViewRow.query(ctx.trx).findById(id)
  const visible = await presentOne(ctx, id)
  if (!row || !visible.mine) throw new Forbidden('forbidden', 'only its owner changes a view')
  await lockOwn(ctx, row.page)
  const locked = await ViewRow.query(ctx.trx).findById(id).forUpdate()
  if (!locked) throw new NotFound('view')
  if (locked.version !== version) throw new Conflict('version_conflict', 'this view has changed', { version: locked.version })
  return locked
}

/** @throws NotFound, Forbidden; Conflict `version_conflict`, `name_taken` */
export async function updateView(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof savedViewPatch>): Promise<SavedView> {
  const row = await ownView(ctx, id, patch.version)
  if (patch.teamId !== row.team_id) await checkTeam(ctx, patch.teamId)
  if (patch.name !== undefined) {
    const own = await ViewRow.query(ctx.trx).where({ owner_id: row.owner_id, page: row.page })
    if (taken(own, patch.name, id)) throw new Conflict('name_taken', 'another view of yours is called so')
  }
  const before = { teamId: row.team_id, facts: sharing(row) }
  const after = await row.$query(ctx.trx).patchAndFetch({
    ...(patch.name === undefined ? {} : { name: patch.name }),
    ...(patch.filters === undefined ? {} : { filters: patch.filters }),
    ...(patch.teamId === undefined ? {} : { team_id: patch.teamId }),
    version: row.version + 1,
    updated_at: ctx.now,
  })
  if (before.teamId !== null || after.team_id !== null)
    await record(ctx, { action: 'saved_view.changed', object: objectOf(after), ...changesOf(before.facts, sharing(after)) })
  return presentOne(ctx, id)
}

/** @throws NotFound, Forbidden; Conflict `version_conflict` */
export async function removeView(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await ownView(ctx, id, version)
  await row.$query(ctx.trx).delete()
  if (row.team_id !== null) await record(ctx, { action: 'saved_view.removed', object: objectOf(row), before: sharing(row) })
}

/** @throws Conflict `version_conflict` when other views are there by now */
export async function orderViews(ctx: Ctx<StaffActor>, { page, ids }: z.output<typeof savedViewOrder>): Promise<SavedView[]> {
  const own = await lockOwn(ctx, page)
  if (own.length !== ids.length || !own.every(({ id }) => ids.includes(id)))
    throw new Conflict('version_conflict', 'your views have changed')
  await ctx.trx.raw(
    `update saved_views v set position = t.position, version = v.version + 1, updated_at = app_now()
     from unnest(?::uuid[]) with ordinality as t(id, position) where v.id = t.id and v.position <> t.position`,
    [ids],
  )
  return listViews(ctx, page)
}

/** The tree of departments (MOD-02): made, named, moved, merged and removed, one change at a time. */
import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import type { departmentCreate, departmentMerge, departmentMove, departmentPatch } from '../../contract/organisation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Invalid, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { Account } from '../identity/index.ts'
import { departmentsBelow } from './departments-below.ts'
import { Department, StaffProfile } from './model.ts'
import { reachOf } from './scope.ts'

export const MAX_DEPARTMENTS = 1000

/**
 * Changes of the tree take turns: two moves that are each right could make a circle together. Readers, and people being put into
 * departments, do not wait.
 */
const lockTree = (ctx: Ctx) => ctx.trx.raw('lock table departments in share row exclusive mode')

/** A department within the reader's scope, for people to be put into or for changing. @throws NotFound */
export async function departmentFor(ctx: Ctx<StaffActor>, id: string): Promise<Department> {
  const reach = await reachOf(ctx)
  // It stays until who is put into it is in it.
  const row = await Department.query(ctx.trx).findById(id).forKeyShare()
  if (!row || (reach.kind !== 'all' && !(reach.kind === 'departments' && reach.ids.includes(id)))) throw new NotFound('department')
  return row
}

/** The same, for who changes the tree. @throws also Conflict `version_conflict` */
async function departmentToChange(ctx: Ctx<StaffActor>, id: string, version: number): Promise<Department> {
  await lockTree(ctx)
  const row = await departmentFor(ctx, id)
  if (row.version !== version) throw new Conflict('version_conflict', 'somebody else changed this department', { version: row.version })
  return row
}

/** Where a department shall be; the top only for who reaches everything. */
async function checkPlace(ctx: Ctx<StaffActor>, parentId: string | null): Promise<void> {
  if (parentId !== null) await departmentFor(ctx, parentId)
  else if ((await reachOf(ctx)).kind !== 'all') throw new NotFound('department')
}

async function checkLeader(ctx: Ctx, id: string): Promise<void> {
  const leader = await Account.query(ctx.trx).findOne({ id, kind: 'staff', status: 'active' }).select('id')
  if (!leader) throw new Invalid('invalid_request', 'the leader is not an active member of staff', { leaderId: id })
}

/** @throws Conflict `name_taken` among siblings; NotFound */
export async function createDepartment(ctx: Ctx<StaffActor>, input: z.output<typeof departmentCreate>): Promise<string> {
  await lockTree(ctx)
  await checkPlace(ctx, input.parentId)
  if (input.leaderId !== null) await checkLeader(ctx, input.leaderId)
  if ((await Department.query(ctx.trx).resultSize()) >= MAX_DEPARTMENTS)
    throw new Invalid('invalid_request', 'too many departments', { max: MAX_DEPARTMENTS })
  const row = await unique(input.name, () =>
    Department.query(ctx.trx).insertAndFetch({
      id: newId(),
      parent_id: input.parentId,
      name: input.name.trim(),
      leader_id: input.leaderId,
      position: MAX_DEPARTMENTS,
    }),
  )
  await settleOrder(ctx, row.parent_id)
  await record(ctx, { action: 'department.created', object: objectOf(row), after: await factsOf(ctx, row) })
  return row.id
}

/** @throws Conflict `version_conflict`, `name_taken` */
export async function changeDepartment(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof departmentPatch>): Promise<void> {
  const row = await departmentToChange(ctx, id, patch.version)
  if (patch.leaderId) await checkLeader(ctx, patch.leaderId)
  const before = await factsOf(ctx, row)
  const changed = await unique(patch.name ?? row.name, () =>
    row.$query(ctx.trx).patchAndFetch({
      name: patch.name?.trim() ?? row.name,
      leader_id: patch.leaderId === undefined ? row.leader_id : patch.leaderId,
      version: row.version + 1,
    }),
  )
  const changes = changesOf(before, await factsOf(ctx, changed))
  if (changes) await record(ctx, { action: 'department.changed', object: objectOf(changed), ...changes })
}

/** @throws Conflict `department_cycle`, `version_conflict`, `name_taken`; NotFound */
export async function moveDepartment(ctx: Ctx<StaffActor>, id: string, move: z.output<typeof departmentMove>): Promise<void> {
  const row = await departmentToChange(ctx, id, move.version)
  const { parentId } = move
  await checkPlace(ctx, row.parent_id)
  await checkPlace(ctx, parentId)
  if (parentId !== null && (await departmentsBelow(ctx, id)).includes(parentId))
    throw new Conflict('department_cycle', 'a department cannot go beneath itself')
  const before = await factsOf(ctx, row)
  const moved = await unique(row.name, () =>
    row.$query(ctx.trx).patchAndFetch({ parent_id: parentId, position: MAX_DEPARTMENTS, version: row.version + 1 }),
  )
  await settleOrder(ctx, parentId, { id, before: move.before })
  const changes = changesOf(before, await factsOf(ctx, moved))
  await record(ctx, { action: 'department.moved', object: objectOf(moved), ...(changes ?? { context: { order: 'changed' } }) })
}

/** Its people and departments go to `into`, then it is gone. @throws Conflict `department_cycle`, `name_taken`, `version_conflict` */
export async function mergeDepartment(ctx: Ctx<StaffActor>, id: string, merge: z.output<typeof departmentMerge>): Promise<void> {
  const row = await departmentToChange(ctx, id, merge.version)
  const into = await departmentFor(ctx, merge.into)
  if ((await departmentsBelow(ctx, id)).includes(into.id)) throw new Conflict('department_cycle', 'a department cannot go into itself')
  await row.$query(ctx.trx).forUpdate()
  const departments = await unique(row.name, () =>
    Department.query(ctx.trx)
      .where({ parent_id: id })
      .patch({ parent_id: into.id, position: ctx.trx.raw('position + ?', MAX_DEPARTMENTS), version: ctx.trx.raw('version + 1') }),
  )
  const people = await StaffProfile.query(ctx.trx)
    .where({ department_id: id })
    .patch({ department_id: into.id, version: ctx.trx.raw('version + 1') })
  await row.$query(ctx.trx).delete()
  await settleOrder(ctx, into.id)
  await record(ctx, {
    action: 'department.merged',
    object: objectOf(row),
    context: { into: into.name, intoId: into.id, departments, people },
  })
}

/** @throws Conflict `department_not_empty` {children, members}, `version_conflict` */
export async function removeDepartment(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const row = await departmentToChange(ctx, id, version)
  // Nobody is put into it between the count and the end of it.
  await row.$query(ctx.trx).forUpdate()
  const children = await Department.query(ctx.trx).where({ parent_id: id }).resultSize()
  const members = await StaffProfile.query(ctx.trx).where({ department_id: id }).resultSize()
  if (children + members > 0) throw new Conflict('department_not_empty', 'somebody is in this department', { children, members })
  await row.$query(ctx.trx).delete()
  await record(ctx, { action: 'department.deleted', object: objectOf(row), before: await factsOf(ctx, row) })
}

/** Numbers the siblings from 0; the one that moved stands before another, or at the end. */
async function settleOrder(ctx: Ctx, parentId: string | null, moved?: { id: string; before: string | null }): Promise<void> {
  const siblings = await Department.query(ctx.trx).where('parent_id', parentId).orderBy(['position', 'id']).select('id')
  const ids = siblings.map(({ id }) => id).filter((id) => id !== moved?.id)
  if (moved) {
    const place = moved.before === null ? ids.length : ids.indexOf(moved.before)
    if (place < 0) throw new Invalid('invalid_request', 'not a sibling there', { before: moved.before })
    ids.splice(place, 0, moved.id)
  }
  await ctx.trx.raw(
    `update departments d set position = t.ordinality - 1 from unnest(?::uuid[]) with ordinality as t(id, ordinality)
     where d.id = t.id and d.position <> t.ordinality - 1`,
    [ids],
  )
}

async function unique<T>(name: string, write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'a department beside it has this name', { name })
    throw error
  }
}

const objectOf = (row: Department) => ({ kind: 'department', id: row.id, label: row.name })

async function factsOf(ctx: Ctx, row: Department) {
  const parent = row.parent_id === null ? undefined : await Department.query(ctx.trx).findById(row.parent_id).select('name')
  const leader = row.leader_id === null ? undefined : await Account.query(ctx.trx).findById(row.leader_id).select('name')
  return { name: row.name, parent: parent?.name ?? null, leader: leader?.name ?? null }
}

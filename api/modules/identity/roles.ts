/** Custom roles (MOD-01): made, changed and removed by people who hold all that they grant. */
import { randomBytes } from 'node:crypto'
import { UniqueViolationError } from 'objection'
import { z } from 'zod'
import { PERMISSIONS, type Permission } from '../../contract/identity.ts'
import type { roleCreate, rolePatch, StaffRole } from '../../contract/roles.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, Forbidden, Invalid, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { changesOf, record } from '../audit/index.ts'
import { cutSockets } from './staff-sockets.ts'
import { Account, Role } from './model.ts'
import { grantsOf, isWithin, type Power } from './permissions.ts'

const MAX_ROLES = 200
const counted = z.array(z.object({ role_id: z.string(), accounts: z.coerce.number() }))

export const powerOf = (role: Role): Power => ({ permissions: grantsOf(role), dataScope: role.data_scope })

/** @throws Forbidden `role_beyond_own` */
export function checkWithin(actor: StaffActor, power: Power, name: string): void {
  if (!isWithin(actor, power)) throw new Forbidden('role_beyond_own', 'this role reaches further than your own', { role: name })
}

/** A role that is about to be given to somebody; it stays as it is until the transaction ends. @throws Forbidden `role_beyond_own` */
export async function roleToGrant(ctx: Ctx<StaffActor>, id: string): Promise<Role> {
  const role = await Role.query(ctx.trx).findById(id).forShare()
  if (!role) throw new NotFound('role')
  checkWithin(ctx.actor, powerOf(role), role.name)
  return role
}

/** Built-in ones first, then in the order they were made. */
export async function listRoles(ctx: Ctx<StaffActor>): Promise<StaffRole[]> {
  const roles = await Role.query(ctx.trx)
    .orderBy([{ column: 'built_in', order: 'desc' }, 'id'])
    .limit(MAX_ROLES)
  return presentRoles(ctx, roles)
}

export async function presentRoles(ctx: Ctx<StaffActor>, roles: readonly Role[]): Promise<StaffRole[]> {
  const ids = roles.map(({ id }) => id)
  const rows = counted.parse(await ctx.trx('accounts').whereIn('role_id', ids).groupBy('role_id').select('role_id').count('* as accounts'))
  const accounts = new Map(rows.map((row) => [row.role_id, row.accounts]))
  return roles.map((role) => ({
    id: role.id,
    code: role.code,
    name: role.name,
    description: role.description,
    builtIn: role.built_in,
    permissions: inOrder(grantsOf(role)),
    dataScope: role.data_scope,
    accounts: accounts.get(role.id) ?? 0,
    grantable: isWithin(ctx.actor, powerOf(role)),
    version: role.version,
  }))
}

const inOrder = (granted: ReadonlySet<Permission>): Permission[] => PERMISSIONS.filter((permission) => granted.has(permission))

export async function findRole(ctx: Ctx<StaffActor>, id: string): Promise<Role> {
  const role = await Role.query(ctx.trx).findById(id)
  if (!role) throw new NotFound('role')
  return role
}

/** @throws Forbidden `role_beyond_own`; Conflict `name_taken` */
export async function createRole(ctx: Ctx<StaffActor>, input: z.output<typeof roleCreate>): Promise<Role> {
  checkWithin(ctx.actor, { permissions: new Set(input.permissions), dataScope: input.dataScope }, input.name)
  if ((await Role.query(ctx.trx).resultSize()) >= MAX_ROLES) throw new Invalid('invalid_request', 'too many roles', { max: MAX_ROLES })
  const role = await named(input.name, () =>
    Role.query(ctx.trx).insertAndFetch({
      id: newId(),
      code: `custom-${randomBytes(6).toString('hex')}`,
      name: input.name.trim(),
      description: input.description.trim(),
      built_in: false,
      permissions: input.permissions,
      data_scope: input.dataScope,
    }),
  )
  await record(ctx, { action: 'role.created', object: objectOf(role), after: factsOf(role) })
  return role
}

/**
 * Changes a custom role. It holds from the next request of everybody who has it; their sockets come back with the new rights.
 * @throws Conflict `role_built_in`, `version_conflict`, `name_taken`; Forbidden `role_beyond_own` for what it was and for what it becomes
 */
export async function changeRole(ctx: Ctx<StaffActor>, id: string, patch: z.output<typeof rolePatch>): Promise<Role> {
  const role = await customRole(ctx, id, patch.version)
  const before = factsOf(role)
  const permissions = patch.permissions ?? role.permissions
  const dataScope = patch.dataScope ?? role.data_scope
  checkWithin(ctx.actor, { permissions: grantsOf({ ...role, permissions }), dataScope }, role.name)
  const changed = await named(patch.name ?? role.name, () =>
    role.$query(ctx.trx).patchAndFetch({
      name: patch.name?.trim() ?? role.name,
      description: patch.description?.trim() ?? role.description,
      permissions,
      data_scope: dataScope,
      version: role.version + 1,
    }),
  )
  const changes = changesOf(before, factsOf(changed))
  if (!changes) return changed
  await record(ctx, { action: 'role.changed', object: objectOf(changed), ...changes })
  if ('permissions' in changes.after || 'dataScope' in changes.after) {
    const holders = await Account.query(ctx.trx).where({ role_id: id }).select('id')
    cutSockets(
      ctx,
      holders.map((holder) => holder.id),
    )
  }
  return changed
}

/** @throws Conflict `role_in_use` {accounts}, `role_built_in`, `version_conflict` */
export async function removeRole(ctx: Ctx<StaffActor>, id: string, version: number): Promise<void> {
  const role = await customRole(ctx, id, version)
  const accounts = await Account.query(ctx.trx).where({ role_id: id }).resultSize()
  if (accounts > 0) throw new Conflict('role_in_use', 'somebody has this role', { accounts })
  await role.$query(ctx.trx).delete()
  await record(ctx, { action: 'role.deleted', object: objectOf(role), before: factsOf(role) })
}

/** Locked against being granted meanwhile (`roleToGrant`, and the foreign key). */
async function customRole(ctx: Ctx<StaffActor>, id: string, version: number): Promise<Role> {
  const role = await Role.query(ctx.trx).findById(id).forUpdate()
  if (!role) throw new NotFound('role')
  if (role.built_in) throw new Conflict('role_built_in', 'built-in roles stay as they are')
  if (role.version !== version) throw new Conflict('version_conflict', 'somebody else changed this role', { version: role.version })
  checkWithin(ctx.actor, powerOf(role), role.name)
  return role
}

async function named<T>(name: string, write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof UniqueViolationError) throw new Conflict('name_taken', 'another role has this name', { name })
    throw error
  }
}

const objectOf = (role: Role) => ({ kind: 'role', id: role.id, label: role.name })
const factsOf = ({ name, description, permissions, data_scope }: Role) => ({ name, description, permissions, dataScope: data_scope })

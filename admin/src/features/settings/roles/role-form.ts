import type { DataScope, Permission } from '#api/contract/identity.ts'
import type { StaffRole } from '#api/contract/roles.ts'

export interface RoleForm {
  name: string
  description: string
  permissions: Permission[]
  dataScope: DataScope
}

export const SCOPES: readonly DataScope[] = ['own', 'team', 'department', 'all']

export const roleForm = (role: StaffRole | null): RoleForm =>
  role === null
    ? { name: '', description: '', permissions: ['staff.read'], dataScope: 'own' }
    : { name: role.name, description: role.description, permissions: [...role.permissions], dataScope: role.dataScope }

/** What a reader with this scope may give: nothing wider than his own. */
export const givableScopes = (own: DataScope): DataScope[] => SCOPES.slice(0, SCOPES.indexOf(own) + 1)

/** Ticks or clears a whole group, leaving alone what the reader may not give. */
export const withGroup = (chosen: readonly Permission[], group: readonly Permission[], on: boolean): Permission[] => {
  const others = chosen.filter((permission) => !group.includes(permission))
  return on ? [...others, ...group] : others
}

/** Which role may do what. A route names its permission; `core/http` refuses without it. */
import { PERMISSIONS, type Permission, type Role } from '../../contract/identity.ts'

const AGENT: readonly Permission[] = [
  'conversations.read',
  'conversations.reply',
  'customers.read',
  'customers.edit',
  'registrations.manage',
  'staff.read',
  'teams.read',
  'relations.read',
]
const SUPERVISOR: readonly Permission[] = [
  ...AGENT,
  'conversations.read_all',
  'conversations.assign',
  'customers.view_phone',
  'customers.archive',
  'customers.merge',
  'customers.import',
  'customers.export',
  'institutions.edit',
  'tags.manage',
  'segments.manage',
  'channels.read',
  'teams.manage',
  'shifts.manage',
  'relations.manage',
]

const GRANTS: Record<Role, ReadonlySet<Permission>> = {
  agent: new Set(AGENT),
  supervisor: new Set(SUPERVISOR),
  admin: new Set(PERMISSIONS),
}

export const permissionsOf = (role: Role): ReadonlySet<Permission> => GRANTS[role]

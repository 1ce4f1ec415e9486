/** Which role may do what (MOD-01). A route names its permission; `core/http` refuses without it. */
import { DATA_SCOPES, PERMISSIONS, type DataScope, ROLES, type Permission, type Role } from '../../contract/identity.ts'

const AGENT: readonly Permission[] = [
  'conversations.read',
  'conversations.reply',
  'conversations.export',
  'tickets.read',
  'tickets.create',
  'tickets.handle',
  'knowledge.draft',
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
  'conversations.export_notes',
  'tickets.assign',
  'tickets.settings',
  'tickets.export',
  'ratings.read',
  'views.share',
  'supervision.view',
  'supervision.rules',
  'conversations.listen',
  'conversations.whisper',
  'conversations.take_over',
  'customers.view_phone',
  'customers.archive',
  'customers.merge',
  'customers.block',
  'moderation.approve',
  'customers.import',
  'customers.export',
  'institutions.edit',
  'tags.manage',
  'segments.manage',
  'channels.read',
  'teams.manage',
  'shifts.manage',
  'relations.manage',
  'routing.manage',
  'quick_replies.manage_team',
]

const GRANTS: Record<Role, ReadonlySet<Permission>> = {
  agent: new Set(AGENT),
  supervisor: new Set(SUPERVISOR),
  admin: new Set(PERMISSIONS),
}

export const permissionsOf = (role: Role): ReadonlySet<Permission> => GRANTS[role]

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS)
const isPermission = (code: string): code is Permission => KNOWN.has(code)
const isBuiltIn = (code: string): code is Role => ROLES.some((role) => role === code)

/** What a stored role grants. A point that this release does not know grants nothing. */
export function grantsOf(role: { code: string; built_in: boolean; permissions: readonly string[] }): ReadonlySet<Permission> {
  if (role.built_in) return isBuiltIn(role.code) ? GRANTS[role.code] : new Set()
  return new Set(role.permissions.filter(isPermission))
}

export interface Power {
  permissions: ReadonlySet<Permission>
  dataScope: DataScope
}

/** Pure: nothing in `power` goes beyond `own`; who gives, changes or takes away a role must hold all of it himself. */
export function isWithin(own: Power, power: Power): boolean {
  if (DATA_SCOPES.indexOf(power.dataScope) > DATA_SCOPES.indexOf(own.dataScope)) return false
  for (const permission of power.permissions) if (!own.permissions.has(permission)) return false
  return true
}

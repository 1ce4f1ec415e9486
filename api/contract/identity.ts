import { z } from 'zod'
import { safeText } from './message.ts'

/** Built-in roles (MOD-01); custom ones have codes of their own (`contract/roles.ts`). */
export const ROLES = ['agent', 'supervisor', 'admin'] as const
export type Role = (typeof ROLES)[number]
/** Whose rows one reaches, each wider than the one before: one's own, one's teams', one's department's and below, everybody's. */
export const DATA_SCOPES = ['own', 'team', 'department', 'all'] as const
export type DataScope = (typeof DATA_SCOPES)[number]
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** What a member of staff may do; roles grant sets of them (`api/modules/identity/permissions.ts`). */
export const PERMISSIONS = [
  'conversations.read',
  'conversations.reply',
  'conversations.reply_all',
  'conversations.read_all',
  'conversations.assign',
  'customers.read',
  'customers.edit',
  'customers.view_phone',
  'customers.archive',
  'customers.merge',
  'customers.import',
  'customers.export',
  'institutions.edit',
  'tags.manage',
  'segments.manage',
  'registrations.manage',
  'channels.read',
  'channels.manage',
  'staff.read',
  'staff.manage',
  'departments.manage',
  'roles.manage',
  'teams.read',
  'teams.manage',
  'shifts.manage',
  'relations.read',
  'relations.manage',
  'dictionaries.manage',
  'settings.manage',
  'audit.read',
  'audit.export',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const loginRequest = z.strictObject({ username: safeText(64, 1), password: z.string().min(1).max(256) })
const preferenceFields = {
  theme: z.enum(['light', 'dark', 'auto']),
  enterToSend: z.boolean(),
  sound: z.boolean(),
  desktopNotifications: z.boolean(),
}
export const preferencesSchema = z.object({
  theme: preferenceFields.theme.default('auto'),
  enterToSend: preferenceFields.enterToSend.default(true),
  sound: preferenceFields.sound.default(true),
  desktopNotifications: preferenceFields.desktopNotifications.default(true),
})
export type Preferences = z.infer<typeof preferencesSchema>

export const PRESENCE_STATUSES = ['online', 'busy', 'break', 'offline'] as const
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]
export const presenceSchema = z.object({
  accountId: z.uuid(),
  status: z.enum(PRESENCE_STATUSES),
  reason: z.string().nullable(),
  since: z.iso.datetime(),
  /** Open conversations held now, and how many may be held at once. */
  load: z.int().nonnegative(),
  capacity: z.int().positive(),
  version: z.int().positive(),
})
export type Presence = z.infer<typeof presenceSchema>
export const presenceRequest = z.strictObject({ status: z.enum(PRESENCE_STATUSES), reason: safeText(100).optional() })

export const meSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  /** Code of the role: a built-in one's, or `custom-…`. */
  role: z.string(),
  roleName: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  dataScope: z.enum(DATA_SCOPES),
  locale: z.enum(LOCALES),
  preferences: preferencesSchema,
  mustChangePassword: z.boolean(),
  presence: presenceSchema,
})
export type Me = z.infer<typeof meSchema>
export const mePatch = z.strictObject({
  locale: z.enum(LOCALES).optional(),
  preferences: z.strictObject(preferenceFields).partial().optional(),
})

export const staffSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  username: z.string(),
  role: z.string(),
  roleName: z.string(),
  avatarUrl: z.string().nullable(),
  status: z.enum(['active', 'disabled']),
  presence: presenceSchema,
})
export type Staff = z.infer<typeof staffSchema>

/** Single-use ticket for opening a socket; lives 30 seconds. */
export const realtimeTicketSchema = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() })

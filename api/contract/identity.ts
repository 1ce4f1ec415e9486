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
  'conversations.export',
  'conversations.export_notes',
  'conversations.listen',
  'conversations.whisper',
  'conversations.take_over',
  'tickets.read',
  'tickets.create',
  'tickets.handle',
  'tickets.assign',
  'tickets.settings',
  'tickets.export',
  'knowledge.draft',
  'ratings.read',
  'ratings.manage',
  'views.share',
  'customers.read',
  'customers.edit',
  'customers.view_phone',
  'customers.archive',
  'customers.merge',
  'customers.block',
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
  'routing.manage',
  'quick_replies.manage_global',
  'quick_replies.manage_team',
  'moderation.manage',
  'moderation.approve',
  'dictionaries.manage',
  'settings.manage',
  'supervision.view',
  'supervision.rules',
  'audit.read',
  'audit.export',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const loginRequest = z.strictObject({ username: safeText(64, 1), password: z.string().min(1).max(256) })
const layoutValue = z.union([safeText(2000), z.number(), z.boolean(), z.array(safeText(100)).max(60)])
const preferenceFields = {
  theme: z.enum(['light', 'dark', 'auto']),
  enterToSend: z.boolean(),
  sound: z.boolean(),
  desktopNotifications: z.boolean(),
  density: z.enum(['comfortable', 'compact']),
  /** How screens were left: folded panels, chosen columns, last used emoji … Each screen reads its own keys and forgives what it does not know. */
  layout: z.record(safeText(60, 1), layoutValue).refine((layout) => Object.keys(layout).length <= 60, { message: 'too_many_keys' }),
}
export const preferencesSchema = z.object({
  theme: preferenceFields.theme.default('auto'),
  enterToSend: preferenceFields.enterToSend.default(true),
  sound: preferenceFields.sound.default(true),
  desktopNotifications: preferenceFields.desktopNotifications.default(true),
  density: preferenceFields.density.default('comfortable'),
  layout: preferenceFields.layout.default({}),
})
export type Preferences = z.infer<typeof preferencesSchema>
/** `layout` is changed key by key; null forgets one. */
export const preferencesPatch = z.strictObject({ ...preferenceFields, layout: z.record(safeText(60, 1), layoutValue.nullable()) }).partial()
export type PreferencesPatch = z.infer<typeof preferencesPatch>

export const PRESENCE_STATUSES = ['online', 'busy', 'break', 'offline'] as const
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number]
export const presenceSchema = z.object({
  accountId: z.uuid(),
  status: z.enum(PRESENCE_STATUSES),
  reason: z.string().nullable(),
  /** Who set it: himself, a supervisor, a lost connection, idleness, a disabled account. */
  cause: z.enum(['self', 'supervisor', 'absent', 'idle', 'disabled']),
  /** What the supervisor wrote to it. */
  note: z.string().nullable(),
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
  preferences: preferencesPatch.optional(),
})

/**
 * A colleague. His name and picture stand for everybody, as they do on every conversation and ticket, and whoever hands work on must find him;
 * `reached` is what else is told of those within the reader's data scope.
 */
export const staffSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  status: z.enum(['active', 'disabled']),
  reached: z.object({ username: z.string(), role: z.string(), roleName: z.string(), presence: presenceSchema }).nullable(),
})
export type Staff = z.infer<typeof staffSchema>

/** Colleagues to choose from: in the order of their spoken names, found by a part of the name, or named by id. */
export const staffQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().max(600).optional(),
  /** Part of the name, or how it is spoken; of those within reach also of the user name. */
  q: safeText(60).optional(),
  /** Comma between. */
  ids: z
    .string()
    .max(4000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.uuid()).max(100))
    .optional(),
  status: z.enum(['active', 'disabled']).optional(),
})

/** Single-use ticket for opening a socket; lives 30 seconds. */
export const realtimeTicketSchema = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() })

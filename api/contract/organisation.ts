/** Departments and the people in them (MOD-02, MOD-03). */
import { z } from 'zod'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

const name = (max: number) => safeText(max, 1).refine((text) => text.trim() !== '', 'blank')
const version = z.int().positive()
const versionQuery = z.strictObject({ version: z.coerce.number().int().positive() })
const person = z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() })

export const departmentSchema = z.object({
  id: z.uuid(),
  parentId: z.uuid().nullable(),
  name: z.string(),
  leader: person.nullable(),
  /** Order among its siblings, from 0. */
  position: z.int().nonnegative(),
  /** People in this very department who have not left. */
  members: z.int().nonnegative(),
  version,
})
export type Department = z.infer<typeof departmentSchema>

export const departmentCreate = z.strictObject({
  name: name(60),
  parentId: z.uuid().nullable(),
  leaderId: z.uuid().nullable().default(null),
})
export const departmentPatch = z.strictObject({ name: name(60).optional(), leaderId: z.uuid().nullable().optional(), version })
/** Puts it beneath `parentId`, before `before`; null: at the top, at the end. */
export const departmentMove = z.strictObject({ parentId: z.uuid().nullable(), before: z.uuid().nullable().default(null), version })
/** Its people and departments go to `into`; it is gone. */
export const departmentMerge = z.strictObject({ into: z.uuid(), version })
export const departmentRemove = versionQuery

export const SKILL_LEVELS = [1, 2, 3, 4, 5] as const
export const MEMBER_STATUSES = ['active', 'disabled', 'left'] as const
export type MemberStatus = (typeof MEMBER_STATUSES)[number]

const skills = z
  .array(z.strictObject({ skillId: z.uuid(), level: z.int().min(1).max(5) }))
  .max(50)
  .refine((list) => new Set(list.map(({ skillId }) => skillId)).size === list.length, 'a skill twice')
const languages = z
  .array(z.uuid())
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'a language twice')

export const staffMemberSchema = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  status: z.enum(MEMBER_STATUSES),
  role: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
  department: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  employeeNumber: z.string().nullable(),
  titleId: z.uuid().nullable(),
  /** Middle digits hidden; the whole number is a read of its own, and leaves a line in the audit trail. */
  phone: z.string().nullable(),
  /** By a code that was sent to it. */
  phoneProven: z.boolean(),
  email: z.string().nullable(),
  /** `yyyy-mm-dd` */
  joinedOn: z.string().nullable(),
  note: z.string(),
  skills: z.array(z.object({ skillId: z.uuid(), level: z.int().min(1).max(5) })),
  languages: z.array(z.uuid()),
  mustChangePassword: z.boolean(),
  lastLoginAt: z.iso.datetime().nullable(),
  /** Whether the reader may change him: not himself, nor who has a role beyond his own. */
  manageable: z.boolean(),
  version,
})
export type StaffMember = z.infer<typeof staffMemberSchema>

export const STAFF_SORTS = [
  'name',
  '-name',
  'employeeNumber',
  '-employeeNumber',
  'joinedOn',
  '-joinedOn',
  'lastLoginAt',
  '-lastLoginAt',
] as const
export const staffListQuery = listQuery.extend({
  /** Part of name, user name or employee number, or the last digits of the phone. */
  q: safeText(60).optional(),
  departmentId: z.uuid().optional(),
  /** Also the departments beneath. */
  below: z.enum(['true', 'false']).default('true'),
  roleId: z.uuid().optional(),
  status: z.enum(MEMBER_STATUSES).optional(),
  skillId: z.uuid().optional(),
  languageId: z.uuid().optional(),
  sort: z.enum(STAFF_SORTS).default('name'),
})

const USERNAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/
const staffFields = {
  name: name(60),
  roleId: z.uuid(),
  departmentId: z.uuid().nullable(),
  employeeNumber: name(40).nullable(),
  titleId: z.uuid().nullable(),
  /** As people write it; +86 and 港澳台 numbers. */
  phone: safeText(40).nullable(),
  email: z.email().max(200).nullable(),
  joinedOn: z.iso.date().nullable(),
  note: safeText(1000),
  skills,
  languages,
}
const optional = z.strictObject(staffFields).partial()
export const staffCreate = optional.extend({
  username: z.string().trim().toLowerCase().regex(USERNAME),
  name: staffFields.name,
  roleId: staffFields.roleId,
})
export const staffPatch = optional.extend({ version })
export const staffVersion = z.strictObject({ version })

/** Shown once: only its digest is kept, and it must be changed at the first login. */
export const initialPasswordSchema = z.object({ member: staffMemberSchema, initialPassword: z.string() })

export const handOverPreviewSchema = z.object({ items: z.array(z.object({ kind: z.string(), count: z.int().nonnegative() })) })
export type HandOverPreview = z.infer<typeof handOverPreviewSchema>
export const handOverRequest = z.strictObject({
  to: z.uuid(),
  /** Made by the client: the same key again answers the same and moves nothing. */
  clientKey: z.string().regex(/^[\w-]{8,64}$/),
  version,
})
export const handOverSchema = z.object({
  from: person,
  to: person,
  moved: z.array(z.object({ kind: z.string(), count: z.int().nonnegative() })),
  createdAt: z.iso.datetime(),
})
export type HandOver = z.infer<typeof handOverSchema>

/** Headings of the import file, in the order of the template. */
export const IMPORT_COLUMNS = [
  'username',
  'name',
  'employeeNumber',
  'department',
  'role',
  'title',
  'phone',
  'email',
  'joinedOn',
  'languages',
  'skills',
] as const
export type ImportColumn = (typeof IMPORT_COLUMNS)[number]
export const IMPORT_ROWS_MAX = 500
export const IMPORT_FAULTS = [
  'required',
  'malformed',
  'too_long',
  'unknown',
  'ambiguous',
  'taken',
  'repeated',
  'beyond_own',
  'missing_column',
  'empty_file',
] as const
export const staffImportQuery = z.strictObject({ apply: z.enum(['true', 'false']).default('false') })
export const staffImportSchema = z.object({
  total: z.int().nonnegative(),
  applied: z.boolean(),
  /** Every fault; `row` as Excel numbers it, null for the whole file. */
  faults: z.array(
    z.object({
      row: z.int().positive().nullable(),
      column: z.enum(IMPORT_COLUMNS).nullable(),
      fault: z.enum(IMPORT_FAULTS),
      value: z.string(),
    }),
  ),
  /** What the file says, as it would be stored. */
  rows: z.array(
    z.object({
      row: z.int().positive(),
      username: z.string(),
      name: z.string(),
      department: z.string().nullable(),
      role: z.string(),
      /** Shown once, after it was applied. */
      initialPassword: z.string().nullable(),
    }),
  ),
})
export type StaffImport = z.infer<typeof staffImportSchema>

/**
 * Teams (BP-007): what they serve, who is in them, how much they take at once, and who works when.
 *
 * Who may: `teams.read` shows the teams in one's data scope (own teams; all of them with the scope `all`). Changing a team takes its leader,
 * a member with the role `supervisor`, or the scope `all` with `teams.manage` (shifts: `shifts.manage`). A team outside one's scope is 404, one that
 * may be seen but not changed 403; `may` in the answers says which buttons to show.
 */
import { z } from 'zod'
import { daySchema, timeOfDay } from './calendar.ts'
import { PRESENCE_STATUSES } from './identity.ts'
import { listQuery } from './list.ts'
import { safeText } from './message.ts'

export const TEAM_ROLES = ['supervisor', 'agent'] as const
export type TeamRole = (typeof TEAM_ROLES)[number]
export const TEAM_STATUSES = ['active', 'disabled'] as const

const person = z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() })
/** An entry of a dictionary with its words, so that a page need not load the list to show it. */
const labelled = z.object({ id: z.uuid(), labelZh: z.string(), labelEn: z.string() })

export const teamSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  leader: person.nullable(),
  status: z.enum(TEAM_STATUSES),
  /** Empty: every business. */
  businessTypes: z.array(labelled),
  skills: z.array(labelled.extend({ level: z.int().min(1).max(5) })),
  calendar: z.object({ id: z.uuid(), name: z.string(), timeZone: z.string() }).nullable(),
  /** By its calendar; a team without one is always open. `changesAt`: when that changes next; null: never. */
  openState: z.object({ open: z.boolean(), changesAt: z.iso.datetime().nullable() }),
  /** Open conversations of all members together; null: no limit. */
  maxConversations: z.int().nullable(),
  /** For each member without a limit of his own; null: the house's default. */
  memberMaxConversations: z.int().nullable(),
  /** Members are offered work only while a shift of theirs is on. */
  usesShifts: z.boolean(),
  memberCount: z.int().nonnegative(),
  /** Open conversations of all members now. */
  load: z.int().nonnegative(),
  /** My role in it; null: I see it by my data scope. */
  myRole: z.enum(TEAM_ROLES).nullable(),
  may: z.object({ manage: z.boolean(), planShifts: z.boolean(), relate: z.boolean() }),
  version: z.int().positive(),
})
export type Team = z.infer<typeof teamSchema>

export const TEAM_SORTS = ['name', '-name', 'created', '-created'] as const
export const teamListQuery = listQuery.extend({
  q: safeText(60).optional(),
  status: z.enum(TEAM_STATUSES).optional(),
  businessTypeId: z.uuid().optional(),
  /** Only teams I may change. */
  manageable: z.enum(['true', 'false']).default('false'),
  sort: z.enum(TEAM_SORTS).default('name'),
})

const skillInput = z.strictObject({ skillId: z.uuid(), level: z.int().min(1).max(5) })
const fields = {
  name: safeText(60, 1),
  description: safeText(500),
  leaderId: z.uuid().nullable(),
  calendarId: z.uuid().nullable(),
  businessTypeIds: z.array(z.uuid()).max(100),
  skills: z.array(skillInput).max(50),
  maxConversations: z.int().min(1).max(100_000).nullable(),
  memberMaxConversations: z.int().min(1).max(1000).nullable(),
  usesShifts: z.boolean(),
}
/** Whoever creates a team without the data scope `all` becomes a supervisor of it. A leader becomes a member. */
export const teamCreate = z.strictObject({
  name: fields.name,
  description: fields.description.default(''),
  leaderId: fields.leaderId.default(null),
  calendarId: fields.calendarId.default(null),
  businessTypeIds: fields.businessTypeIds.default([]),
  skills: fields.skills.default([]),
  maxConversations: fields.maxConversations.default(null),
  memberMaxConversations: fields.memberMaxConversations.default(null),
  usesShifts: fields.usesShifts.default(false),
})
/** Lists given replace the whole list. A disabled team keeps its history, serves nobody and limits nobody. */
export const teamPatch = z.strictObject({
  name: fields.name.optional(),
  description: fields.description.optional(),
  leaderId: fields.leaderId.optional(),
  calendarId: fields.calendarId.optional(),
  businessTypeIds: fields.businessTypeIds.optional(),
  skills: fields.skills.optional(),
  maxConversations: fields.maxConversations.optional(),
  memberMaxConversations: fields.memberMaxConversations.optional(),
  usesShifts: fields.usesShifts.optional(),
  status: z.enum(TEAM_STATUSES).optional(),
  version: z.int().positive(),
})

export const teamMemberSchema = z.object({
  account: person.extend({ username: z.string(), status: z.enum(['active', 'disabled']) }),
  role: z.enum(TEAM_ROLES),
  isLeader: z.boolean(),
  /** His own limit in this team; null: the team's. */
  maxConversations: z.int().nullable(),
  /** What holds in fact: the lowest over all his teams and the house's default. */
  effectiveMaxConversations: z.int().positive(),
  load: z.int().nonnegative(),
  presence: z.enum(PRESENCE_STATUSES),
  /** Has a shift now, in any team. */
  onShift: z.boolean(),
  joinedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type TeamMember = z.infer<typeof teamMemberSchema>
export const teamMemberListQuery = listQuery.extend({
  q: safeText(60).optional(),
  role: z.enum(TEAM_ROLES).optional(),
  presence: z.enum(PRESENCE_STATUSES).optional(),
})
/** Adds a member, or changes one (then with `version`). The same again changes nothing. */
export const teamMemberPut = z.strictObject({
  role: z.enum(TEAM_ROLES),
  maxConversations: z.int().min(1).max(1000).nullable().default(null),
  version: z.int().positive().optional(),
})
/** Several at once; who is a member already stays as he is. */
export const teamMembersAdd = z.strictObject({ accountIds: z.array(z.uuid()).min(1).max(100), role: z.enum(TEAM_ROLES) })

// Shifts

const minuteOfDay = timeOfDay
/** 早班, 晚班 …; `to` at or before `from` ends on the next day. */
export const shiftTemplateSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  color: z.string(),
  position: z.int(),
  disabled: z.boolean(),
  version: z.int().positive(),
})
export type ShiftTemplate = z.infer<typeof shiftTemplateSchema>
const color = z.string().regex(/^#[0-9a-f]{6}$/)
export const shiftTemplateCreate = z.strictObject({
  name: safeText(20, 1),
  from: minuteOfDay,
  to: minuteOfDay,
  color: color.default('#3b82f6'),
})
export const shiftTemplatePatch = z.strictObject({
  name: safeText(20, 1).optional(),
  /** Shifts planned already keep their times. */
  from: minuteOfDay.optional(),
  to: minuteOfDay.optional(),
  color: color.optional(),
  position: z.int().min(0).max(1000).optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})

export const shiftSchema = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  /** The day it begins on. */
  day: daySchema,
  templateId: z.uuid().nullable(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** Open request to swap it. */
  swapId: z.uuid().nullable(),
  version: z.int().positive(),
})
export type Shift = z.infer<typeof shiftSchema>

/** The Monday that a week's plan is known by. */
export const weekSchema = daySchema.refine((day) => new Date(`${day}T00:00:00Z`).getUTCDay() === 1, 'a week is named by its Monday')
/** One week of one team: cells are member × day, several shifts each. Members who left are there while they have shifts in it. */
export const rosterSchema = z.object({
  teamId: z.uuid(),
  week: daySchema,
  timeZone: z.string(),
  members: z.array(person),
  templates: z.array(shiftTemplateSchema),
  shifts: z.array(shiftSchema),
  /** 0: nothing was ever planned. Goes with every change. */
  version: z.int().nonnegative(),
})
export type Roster = z.infer<typeof rosterSchema>

const plannedShift = z.union([z.strictObject({ templateId: z.uuid() }), z.strictObject({ from: minuteOfDay, to: minuteOfDay })])
/** Each cell named is replaced by what it says (an empty list clears it); others stay. All or nothing. */
export const rosterChange = z
  .strictObject({
    cells: z
      .array(z.strictObject({ accountId: z.uuid(), day: daySchema, shifts: z.array(plannedShift).max(6) }))
      .min(1)
      .max(2000),
    version: z.int().nonnegative(),
  })
  .refine(({ cells }) => new Set(cells.map(({ accountId, day }) => `${accountId} ${day}`)).size === cells.length, 'each cell once')
export type RosterChange = z.infer<typeof rosterChange>

/** Fills `to` with the week `from`; shifts already there make it a conflict unless `replace`. People who left are skipped and named. */
export const rosterCopy = z.strictObject({
  from: weekSchema,
  to: weekSchema,
  replace: z.boolean().default(false),
  version: z.int().nonnegative(),
})
export const rosterCopyResult = z.object({ roster: rosterSchema, copied: z.int().nonnegative(), skipped: z.array(person) })

export const ROSTER_IMPORT_PROBLEMS = [
  'person_unknown',
  'person_ambiguous',
  'person_twice',
  'not_a_member',
  'shift_unknown',
  'shifts_overlap',
  'elsewhere',
] as const
/**
 * What a sheet would do, nothing of it done: send `cells` with PUT …/rosters/{week} to do it.
 * The sheet: a header row (姓名 or 用户名, then the seven days), a row a person; a cell names shifts, such as `早班` or `09:00-12:00、晚班`, or 休.
 */
export const rosterImportPreview = z.object({
  week: daySchema,
  rows: z.int().nonnegative(),
  cells: rosterChange.shape.cells,
  errors: z.array(
    z.object({ row: z.int().positive(), column: z.string().nullable(), problem: z.enum(ROSTER_IMPORT_PROBLEMS), value: z.string() }),
  ),
})
export type RosterImportPreview = z.infer<typeof rosterImportPreview>

export const SWAP_STATES = ['requested', 'approved', 'refused', 'cancelled', 'void'] as const
const shownShift = z.object({
  id: z.uuid(),
  day: daySchema,
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  template: z.string().nullable(),
})
export const shiftSwapSchema = z.object({
  id: z.uuid(),
  teamId: z.uuid(),
  from: person,
  to: person,
  shift: shownShift,
  /** What the other gives in return; null: he covers. */
  inReturn: shownShift.nullable(),
  reason: z.string(),
  /** `void`: one of the shifts was changed meanwhile. */
  state: z.enum(SWAP_STATES),
  requestedBy: person,
  decidedBy: person.nullable(),
  decidedAt: z.iso.datetime().nullable(),
  may: z.object({ decide: z.boolean(), cancel: z.boolean() }),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type ShiftSwap = z.infer<typeof shiftSwapSchema>
export const shiftSwapListQuery = listQuery.extend({ state: z.enum(SWAP_STATES).optional() })
/**
 * Gives a shift to `toAccountId`, in return for one of his where named. Versions are those of the shifts as they were seen. A member asks (for his own
 * shift); who may plan the shifts of the team may say `direct` and it is done.
 */
export const shiftSwapCreate = z.strictObject({
  shift: z.strictObject({ id: z.uuid(), version: z.int().positive() }),
  toAccountId: z.uuid(),
  inReturn: z.strictObject({ id: z.uuid(), version: z.int().positive() }).nullable().default(null),
  reason: safeText(200).default(''),
  direct: z.boolean().default(false),
})
export const shiftSwapDecision = z.strictObject({ decision: z.enum(['approve', 'refuse', 'cancel']), version: z.int().positive() })

export const myShiftSchema = shiftSchema.extend({
  team: z.object({ id: z.uuid(), name: z.string() }),
  /** 早班 …; null: times of its own. */
  templateName: z.string().nullable(),
})
export type MyShift = z.infer<typeof myShiftSchema>
export const myShiftsQuery = z.strictObject({ week: weekSchema })

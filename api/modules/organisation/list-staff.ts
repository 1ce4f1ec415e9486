/** Lists of staff within the reader's scope: one statement a page, whatever the filters. */
import type { Knex } from 'knex'
import { z } from 'zod'
import { DATA_SCOPES } from '../../contract/identity.ts'
import type { staffListQuery, StaffMember } from '../../contract/organisation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { decodeCursor, encodeCursor } from '../../core/cursor.ts'
import { NotFound } from '../../core/errors.ts'
import { maskPhone } from '../../core/phone.ts'
import { avatarUrl, grantsOf, isWithin } from '../identity/index.ts'
import { departmentsBelow } from './departments-below.ts'
import { withinReach } from './scope.ts'

const memberRow = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  avatar_attachment_id: z.string().nullable(),
  status: z.enum(['active', 'disabled']),
  phone: z.string().nullable(),
  phone_proven_at: z.date().nullable(),
  must_change_password: z.boolean(),
  last_login_at: z.date().nullable(),
  role_id: z.string(),
  role_code: z.string(),
  role_name: z.string(),
  built_in: z.boolean(),
  permissions: z.array(z.string()),
  data_scope: z.enum(DATA_SCOPES),
  department_id: z.string().nullable(),
  department_name: z.string().nullable(),
  employee_number: z.string().nullable(),
  title_id: z.string().nullable(),
  email: z.string().nullable(),
  joined_on: z.string().nullable(),
  note: z.string(),
  left_at: z.date().nullable(),
  version: z.number(),
  skills: z.array(z.object({ skillId: z.string(), level: z.number() })),
  languages: z.array(z.string()),
  sort_key: z.string(),
})
type MemberRow = z.infer<typeof memberRow>
type Query = z.output<typeof staffListQuery>

/** Text to sort and to page by. */
const SORT_KEYS = {
  name: `left(coalesce(a.name_spoken, a.name), 60) collate "C"`,
  employeeNumber: `coalesce(p.employee_number, '') collate "C"`,
  joinedOn: `coalesce(p.joined_on::text, '') collate "C"`,
  lastLoginAt: `coalesce(to_char(a.last_login_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'), '') collate "C"`,
} as const

function sortOf(sort: Query['sort']): { key: string; descending: boolean } {
  const descending = sort.startsWith('-')
  const names: Record<Query['sort'], keyof typeof SORT_KEYS> = {
    name: 'name',
    '-name': 'name',
    employeeNumber: 'employeeNumber',
    '-employeeNumber': 'employeeNumber',
    joinedOn: 'joinedOn',
    '-joinedOn': 'joinedOn',
    lastLoginAt: 'lastLoginAt',
    '-lastLoginAt': 'lastLoginAt',
  }
  return { key: SORT_KEYS[names[sort]], descending }
}

function selectMembers(trx: Knex, sortKey: string): Knex.QueryBuilder {
  return trx('accounts as a')
    .join('roles as r', 'r.id', 'a.role_id')
    .leftJoin('staff_profiles as p', 'p.account_id', 'a.id')
    .leftJoin('departments as d', 'd.id', 'p.department_id')
    .where('a.kind', 'staff')
    .select(
      'a.id',
      'a.username',
      'a.name',
      'a.avatar_attachment_id',
      'a.status',
      'a.phone',
      'a.phone_proven_at',
      'a.must_change_password',
      'a.last_login_at',
      'r.id as role_id',
      'r.code as role_code',
      'r.name as role_name',
      'r.built_in',
      'r.permissions',
      'r.data_scope',
      'p.department_id',
      'd.name as department_name',
      'p.employee_number',
      'p.title_id',
      'p.email',
      'p.left_at',
      trx.raw(`p.joined_on::text as joined_on, coalesce(p.note, '') as note, coalesce(p.version, 1) as version, ${sortKey} as sort_key`),
      trx.raw(
        `coalesce((select json_agg(json_build_object('skillId', s.skill_id, 'level', s.level) order by s.level desc, s.skill_id)
           from staff_skills s where s.account_id = a.id), '[]') as skills,
         coalesce((select json_agg(l.language_id order by l.language_id) from staff_languages l where l.account_id = a.id), '[]') as languages`,
      ),
    )
}

export async function listStaff(ctx: Ctx<StaffActor>, query: Query): Promise<{ data: StaffMember[]; nextCursor: string | null }> {
  const { key, descending } = sortOf(query.sort)
  const after = decodeCursor(query.cursor)
  const departments = query.departmentId === undefined ? null : await wantedDepartments(ctx, query.departmentId, query.below)
  const narrow = await withinReach(ctx)
  const direction = descending ? 'desc' : 'asc'
  const rows: unknown = await selectMembers(ctx.trx, key)
    .modify((builder) => {
      narrow(builder)
      filter(builder, query)
      if (departments) void builder.whereIn('p.department_id', departments)
      if (after) void builder.whereRaw(`(${key}, a.id) ${descending ? '<' : '>'} (?::text, ?::uuid)`, [after.key, after.id])
    })
    .orderByRaw(`${key} ${direction}, a.id ${direction}`)
    .limit(query.limit + 1)
  const found = z.array(memberRow).parse(rows)
  const last = found.length > query.limit ? found[query.limit - 1] : undefined
  return {
    data: found.slice(0, query.limit).map((row) => presentMember(ctx.actor, row)),
    nextCursor: last ? encodeCursor(last.sort_key, last.id) : null,
  }
}

const wantedDepartments = async (ctx: Ctx, id: string, below: Query['below']): Promise<string[]> =>
  below === 'true' ? departmentsBelow(ctx, id) : [id]

function filter(builder: Knex.QueryBuilder, query: Query): void {
  if (query.roleId) void builder.where('a.role_id', query.roleId)
  if (query.status === 'left') void builder.whereNotNull('p.left_at')
  else if (query.status) void builder.where('a.status', query.status).whereNull('p.left_at')
  if (query.skillId)
    void builder.whereRaw('exists (select 1 from staff_skills s where s.account_id = a.id and s.skill_id = ?)', [query.skillId])
  if (query.languageId)
    void builder.whereRaw('exists (select 1 from staff_languages l where l.account_id = a.id and l.language_id = ?)', [query.languageId])
  if (query.q === undefined || query.q.trim() === '') return
  const text = query.q.trim()
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  void builder.where((match) => {
    void match.whereRaw(`replace(a.name_spoken, ' ', '') like ?`, [pattern.slice(1).toLowerCase()])
    void match.orWhereILike('a.name', pattern).orWhereILike('a.username', pattern).orWhereILike('p.employee_number', pattern)
    // The last digits only: who may not read a number must not find it out digit by digit.
    if (/^\d{4}$/.test(text)) void match.orWhereRaw('right(a.phone, 4) = ?', [text])
  })
}

/** One member of staff within the reader's scope. @throws NotFound */
export async function memberFor(ctx: Ctx<StaffActor>, id: string): Promise<StaffMember> {
  const narrow = await withinReach(ctx)
  const rows: unknown = await selectMembers(ctx.trx, `''`).where('a.id', id).modify(narrow)
  const [row] = z.array(memberRow).parse(rows)
  if (!row) throw new NotFound('member of staff')
  return presentMember(ctx.actor, row)
}

function presentMember(actor: StaffActor, row: MemberRow): StaffMember {
  const power = {
    permissions: grantsOf({ code: row.role_code, built_in: row.built_in, permissions: row.permissions }),
    dataScope: row.data_scope,
  }
  const manageable = actor.permissions.has('staff.manage') && isWithin(actor, power)
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    avatarUrl: avatarUrl(row.avatar_attachment_id),
    status: row.left_at ? 'left' : row.status,
    role: { id: row.role_id, code: row.role_code, name: row.role_name },
    department: row.department_id === null ? null : { id: row.department_id, name: row.department_name ?? '' },
    employeeNumber: row.employee_number,
    titleId: row.title_id,
    phone: row.phone === null ? null : maskPhone(row.phone),
    phoneProven: row.phone_proven_at !== null,
    email: row.email,
    joinedOn: row.joined_on,
    note: manageable ? row.note : '',
    skills: row.skills,
    languages: row.languages,
    mustChangePassword: row.must_change_password,
    lastLoginAt: row.last_login_at?.toISOString() ?? null,
    manageable,
    version: row.version,
  }
}

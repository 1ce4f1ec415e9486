/** Everything that the lines of an import file can name, read once: the number of queries does not grow with the file. */
import type { Dictionary } from '../../../contract/dictionary.ts'
import type { Ctx, StaffActor } from '../../../core/context.ts'
import { readPhone } from '../../../core/phone.ts'
import { Account, isWithin, powerOf, Role } from '../../identity/index.ts'
import { entriesOf } from '../../settings/index.ts'
import { listDepartments } from '../list-departments.ts'
import { StaffProfile } from '../model.ts'
import { reachOf } from '../scope.ts'
import type { Line } from './read-file.ts'

/** By what people write: lower case, trimmed. More than one id: ambiguous. */
export type Names = ReadonlyMap<string, ReadonlySet<string>>

export interface Known {
  roles: Names
  /** Roles that reach further than the importer's own. */
  beyond: ReadonlySet<string>
  /** By name and by path (`客服中心/华东组`). */
  departments: Names
  /** Departments within the importer's reach; null: all of them, and none at all is allowed too. */
  reachable: ReadonlySet<string> | null
  titles: Names
  languages: Names
  skills: Names
  taken: { usernames: ReadonlySet<string>; phones: ReadonlySet<string>; employeeNumbers: ReadonlySet<string> }
}

export const keyOf = (text: string): string => text.trim().toLowerCase()

function namesOf(pairs: Iterable<readonly [string, string]>): Names {
  const names = new Map<string, Set<string>>()
  for (const [name, id] of pairs) names.set(keyOf(name), (names.get(keyOf(name)) ?? new Set()).add(id))
  return names
}

export async function readKnown(ctx: Ctx<StaffActor>, lines: readonly Line[]): Promise<Known> {
  const roles = await Role.query(ctx.trx)
  const reach = await reachOf(ctx)
  return {
    roles: namesOf(roles.flatMap((role) => [[role.name, role.id] as const, [role.code, role.id] as const])),
    beyond: new Set(roles.filter((role) => !isWithin(ctx.actor, powerOf(role))).map(({ id }) => id)),
    departments: await departmentNames(ctx),
    reachable: reach.kind === 'all' ? null : new Set(reach.kind === 'departments' ? reach.ids : []),
    titles: await dictionaryNames(ctx, 'job_title'),
    languages: await dictionaryNames(ctx, 'language'),
    skills: await dictionaryNames(ctx, 'skill'),
    taken: await taken(ctx, lines),
  }
}

async function dictionaryNames(ctx: Ctx, dictionary: Dictionary): Promise<Names> {
  const entries = await entriesOf(ctx, dictionary)
  return namesOf(entries.flatMap(({ id, code, label_zh, label_en }) => [code, label_zh, label_en].map((name) => [name, id] as const)))
}

async function departmentNames(ctx: Ctx): Promise<Names> {
  const all = await listDepartments(ctx)
  const byId = new Map(all.map((department) => [department.id, department]))
  const pathOf = (id: string): string => {
    const department = byId.get(id)
    if (!department) return ''
    return department.parentId === null ? department.name : `${pathOf(department.parentId)}/${department.name}`
  }
  // At the top both are the same.
  return namesOf(all.flatMap(({ id, name }) => [...new Set([name, pathOf(id)])].map((text) => [text, id] as const)))
}

async function taken(ctx: Ctx, lines: readonly Line[]): Promise<Known['taken']> {
  const cells = (column: 'username' | 'employeeNumber') => lines.map((line) => keyOf(line.cells[column]))
  const phones = lines.flatMap((line) => readPhone(line.cells.phone) ?? [])
  const accounts = await Account.query(ctx.trx)
    .where((match) => match.whereIn('username', cells('username')).orWhere((same) => same.where('kind', 'staff').whereIn('phone', phones)))
    .select('username', 'phone')
  const profiles = await StaffProfile.query(ctx.trx)
    .whereRaw('lower(employee_number) = any(?)', [cells('employeeNumber')])
    .select('employee_number')
  return {
    usernames: new Set(accounts.map(({ username }) => username)),
    phones: new Set(accounts.flatMap(({ phone }) => phone ?? [])),
    employeeNumbers: new Set(profiles.flatMap(({ employee_number }) => (employee_number === null ? [] : keyOf(employee_number)))),
  }
}

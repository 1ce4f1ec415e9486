/** Members of staff as administrators keep them (MOD-03): account, profile, skills and languages together. */
import { UniqueViolationError } from 'objection'
import type { z } from 'zod'
import type { staffCreate, staffPatch, StaffMember } from '../../contract/organisation.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { Conflict, NotFound } from '../../core/errors.ts'
import { parsePhone } from '../../core/phone.ts'
import { changesOf, record } from '../audit/index.ts'
import {
  accountToManage,
  changeAccount,
  changeRoleOf,
  createStaff,
  newCredentials,
  roleToGrant,
  type Credentials,
} from '../identity/index.ts'
import { checkEntries, checkEntry } from '../settings/index.ts'
import { departmentFor } from './departments.ts'
import { memberFor } from './list-staff.ts'
import { StaffProfile } from './model.ts'

type Create = z.output<typeof staffCreate>
type Patch = z.output<typeof staffPatch>
type Attributes = Partial<Omit<Create, 'username' | 'name' | 'roleId'>>

/**
 * A new member of staff with a password that must be changed at the first login.
 * @throws Conflict `username_taken`, `phone_taken`, `employee_number_taken`; Forbidden `role_beyond_own`; NotFound for a department out of reach
 */
export async function hire(
  ctx: Ctx<StaffActor>,
  input: Create,
  made?: Credentials,
): Promise<{ member: StaffMember; initialPassword: string }> {
  const role = await roleToGrant(ctx, input.roleId)
  await checkDepartment(ctx, input.departmentId ?? null)
  const credentials = made ?? (await newCredentials())
  const account = await createStaff(ctx, {
    ...credentials,
    username: input.username,
    name: input.name.trim(),
    role: role.code,
    mustChangePassword: true,
  })
  if (input.phone) await changeAccount(ctx, { account, role }, { phone: parsePhone(input.phone) })
  await StaffProfile.query(ctx.trx).insert({ account_id: account.id })
  await writeAttributes(ctx, account.id, input, null)
  const member = await memberFor(ctx, account.id)
  await record(ctx, { action: 'staff.created', object: objectOf(member), after: factsOf(member) })
  return { member, initialPassword: credentials.password }
}

/** @throws as `hire`; Conflict `version_conflict`, `own_account` for one's own role, `last_administrator` */
export async function changeStaff(ctx: Ctx<StaffActor>, id: string, patch: Patch): Promise<StaffMember> {
  const before = await memberToChange(ctx, id, patch.version)
  if (patch.roleId !== undefined && patch.roleId !== before.role.id) await changeRoleOf(ctx, id, patch.roleId)
  const managed = await accountToManage(ctx, id)
  const departmentId = before.department?.id ?? null
  if (patch.departmentId !== undefined && patch.departmentId !== departmentId) await checkDepartment(ctx, patch.departmentId)
  await changeAccount(ctx, managed, {
    ...(patch.name === undefined ? {} : { name: patch.name.trim() }),
    ...(patch.phone === undefined ? {} : { phone: patch.phone === null ? null : parsePhone(patch.phone) }),
  })
  await writeAttributes(ctx, id, patch, before)
  await StaffProfile.query(ctx.trx)
    .findById(id)
    .patch({ version: before.version + 1 })
  // What asks for a skill that he has now may be his.
  if (patch.skills) ctx.emit({ name: 'agent.available', subjectId: id })
  const after = await memberFor(ctx, id)
  const changes = changesOf(factsOf(before), factsOf(after))
  // A number that changed within its hidden digits changed all the same.
  if (changes || patch.phone !== undefined) await record(ctx, { action: 'staff.changed', object: objectOf(after), ...changes })
  return after
}

/**
 * A member of staff within reach, locked, at the version that the caller has seen.
 * @throws NotFound; Conflict `version_conflict`
 */
export async function memberToChange(ctx: Ctx<StaffActor>, id: string, version: number): Promise<StaffMember> {
  const member = await lockMember(ctx, id)
  if (member.version !== version)
    throw new Conflict('version_conflict', 'somebody else changed this member of staff', { version: member.version })
  return member
}

export async function lockMember(ctx: Ctx<StaffActor>, id: string): Promise<StaffMember> {
  await memberFor(ctx, id)
  // Accounts made on the command line have no profile yet.
  await StaffProfile.query(ctx.trx).insert({ account_id: id }).onConflict('account_id').ignore()
  await StaffProfile.query(ctx.trx).findById(id).forUpdate()
  return memberFor(ctx, id)
}

/** Who does not reach everybody puts people only where he reaches. @throws NotFound */
async function checkDepartment(ctx: Ctx<StaffActor>, id: string | null): Promise<void> {
  if (id !== null) await departmentFor(ctx, id)
  else if (ctx.actor.dataScope !== 'all') throw new NotFound('department')
}

/** Writes what is given and leaves the rest. Dictionary entries that he has already may stay although they are disabled by now. */
async function writeAttributes(ctx: Ctx, id: string, given: Attributes, before: StaffMember | null): Promise<void> {
  if (given.titleId) await checkEntry(ctx, 'job_title', given.titleId, before?.titleId ?? null)
  await employeeNumberFree(given.employeeNumber ?? null, () =>
    StaffProfile.query(ctx.trx)
      .findById(id)
      .patch({
        ...(given.departmentId === undefined ? {} : { department_id: given.departmentId }),
        ...(given.employeeNumber === undefined ? {} : { employee_number: given.employeeNumber?.trim() ?? null }),
        ...(given.titleId === undefined ? {} : { title_id: given.titleId }),
        ...(given.email === undefined ? {} : { email: given.email }),
        ...(given.joinedOn === undefined ? {} : { joined_on: given.joinedOn }),
        ...(given.note === undefined ? {} : { note: given.note }),
        updated_at: ctx.now,
      }),
  )
  if (given.skills) await writeSkills(ctx, id, given.skills, before?.skills.map(({ skillId }) => skillId) ?? [])
  if (given.languages) await writeLanguages(ctx, id, given.languages, before?.languages ?? [])
}

async function writeSkills(ctx: Ctx, id: string, skills: StaffMember['skills'], keep: readonly string[]): Promise<void> {
  const ids = skills.map(({ skillId }) => skillId)
  await checkEntries(ctx, 'skill', ids, keep)
  await ctx.trx('staff_skills').where({ account_id: id }).delete()
  if (skills.length > 0)
    await ctx.trx('staff_skills').insert(skills.map(({ skillId, level }) => ({ account_id: id, skill_id: skillId, level })))
}

async function writeLanguages(ctx: Ctx, id: string, languages: readonly string[], keep: readonly string[]): Promise<void> {
  await checkEntries(ctx, 'language', languages, keep)
  await ctx.trx('staff_languages').where({ account_id: id }).delete()
  if (languages.length > 0)
    await ctx.trx('staff_languages').insert(languages.map((language) => ({ account_id: id, language_id: language })))
}

async function employeeNumberFree(employeeNumber: string | null, write: () => PromiseLike<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (error instanceof UniqueViolationError && error.constraint === 'staff_profiles_number')
      throw new Conflict('employee_number_taken', 'somebody else has this employee number', { employeeNumber })
    throw error
  }
}

export const objectOf = (member: StaffMember) => ({ kind: 'staff', id: member.id, label: member.name })

/** For the audit trail: names instead of ids where there are names, the phone as masked as everywhere. */
const factsOf = (member: StaffMember) => ({
  username: member.username,
  name: member.name,
  role: member.role.name,
  department: member.department?.name ?? null,
  employeeNumber: member.employeeNumber,
  titleId: member.titleId,
  phone: member.phone,
  email: member.email,
  joinedOn: member.joinedOn,
  note: member.note,
  skills: member.skills,
  languages: member.languages,
})

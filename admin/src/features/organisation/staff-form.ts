import type { z } from 'zod'
import type { StaffMember, staffCreate, staffPatch } from '#api/contract/organisation.ts'

export interface StaffForm {
  username: string
  name: string
  roleId: string
  departmentId: string | null
  employeeNumber: string
  titleId: string | null
  /** What was typed; the stored one is only known masked. */
  phone: string
  removePhone: boolean
  email: string
  joinedOn: string | null
  note: string
  skills: { skillId: string; level: number }[]
  languages: string[]
}

const blankForm = (departmentId: string | null): StaffForm => ({
  username: '',
  name: '',
  roleId: '',
  departmentId,
  employeeNumber: '',
  titleId: null,
  phone: '',
  removePhone: false,
  email: '',
  joinedOn: null,
  note: '',
  skills: [],
  languages: [],
})

/** @param departmentId where somebody new begins */
export const staffForm = (member: StaffMember | null, departmentId: string | null = null): StaffForm =>
  member === null
    ? blankForm(departmentId)
    : {
        username: member.username,
        name: member.name,
        roleId: member.role.id,
        departmentId: member.department?.id ?? null,
        employeeNumber: member.employeeNumber ?? '',
        titleId: member.titleId,
        phone: '',
        removePhone: false,
        email: member.email ?? '',
        joinedOn: member.joinedOn,
        note: member.note,
        skills: member.skills.map((skill) => ({ ...skill })),
        languages: [...member.languages],
      }

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
const USERNAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/

export type FormProblem = 'usernameInvalid' | 'name' | 'role'
export function problemsOf(form: StaffForm, isNew: boolean): Set<FormProblem> {
  const problems = new Set<FormProblem>()
  if (isNew && !USERNAME.test(form.username.trim().toLowerCase())) problems.add('usernameInvalid')
  if (form.name.trim() === '') problems.add('name')
  if (form.roleId === '') problems.add('role')
  return problems
}

const fieldsOf = (form: StaffForm) => ({
  name: form.name.trim(),
  roleId: form.roleId,
  departmentId: form.departmentId,
  employeeNumber: orNull(form.employeeNumber),
  titleId: form.titleId,
  email: orNull(form.email),
  joinedOn: form.joinedOn,
  note: form.note,
  skills: form.skills.filter(({ skillId }) => skillId !== ''),
  languages: form.languages,
})

export const newStaff = (form: StaffForm): z.input<typeof staffCreate> => ({
  ...fieldsOf(form),
  username: form.username,
  phone: orNull(form.phone),
})

/** What differs from what is stored, without the version. */
export function changedFields(member: StaffMember, form: StaffForm): Omit<z.input<typeof staffPatch>, 'version'> {
  const before = fieldsOf(staffForm(member))
  const after = fieldsOf(form)
  const same = (key: string): boolean => JSON.stringify(Reflect.get(before, key)) === JSON.stringify(Reflect.get(after, key))
  const changed = Object.fromEntries(Object.entries(after).filter(([key]) => !same(key)))
  const phone = form.removePhone ? null : form.phone.trim() === '' ? undefined : form.phone.trim()
  return phone === undefined ? changed : { ...changed, phone }
}

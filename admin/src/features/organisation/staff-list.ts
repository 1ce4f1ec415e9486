import type { TableColumn } from '../../shared/table-column.ts'

/** What the list's address says. */
export const STAFF_DEFAULTS = { department: '', below: 'true', q: '', role: '', status: '', skill: '', sort: 'name' }
export type StaffState = typeof STAFF_DEFAULTS

export const staffQuery = (state: StaffState, cursor: string | undefined) => ({
  departmentId: state.department,
  below: state.below,
  q: state.q,
  roleId: state.role,
  status: state.status,
  skillId: state.skill,
  sort: state.sort,
  cursor,
  limit: 50,
})

export const staffColumns: TableColumn[] = [
  { key: 'name', titleKey: 'organisation.column.name', sort: 'name' },
  { key: 'employeeNumber', titleKey: 'organisation.column.employeeNumber', width: '84px', sort: 'employeeNumber' },
  { key: 'department', titleKey: 'organisation.column.department', width: '118px' },
  { key: 'role', titleKey: 'organisation.column.role', width: '84px' },
  { key: 'phone', titleKey: 'organisation.column.phone', width: '136px' },
  { key: 'skills', titleKey: 'organisation.column.skills', width: '150px' },
  { key: 'lastLogin', titleKey: 'organisation.staff.lastLogin', width: '100px', sort: 'lastLoginAt', sortFirst: 'desc' },
]

/** What people may write above the columns of an import file, in either language; the first is what the template says. */
import { IMPORT_COLUMNS, type ImportColumn } from '../../../contract/organisation.ts'
import type { HeadingColumn } from '../../../core/spreadsheets/heading.ts'

const TITLES: Record<ImportColumn, readonly string[]> = {
  username: ['用户名', '登录名', '账号', 'username', 'user name'],
  name: ['姓名', '名称', 'name'],
  employeeNumber: ['工号', '员工编号', 'employee number', 'number'],
  department: ['部门', '所属部门', 'department'],
  role: ['角色', 'role'],
  title: ['岗位', '职位', '职务', 'title', 'job title'],
  phone: ['手机号', '手机', '电话', 'phone', 'mobile'],
  email: ['邮箱', '电子邮箱', 'email', 'e-mail'],
  joinedOn: ['入职日期', '入职时间', 'joined on', 'joined'],
  languages: ['语言', 'languages'],
  skills: ['技能', 'skills'],
}
const REQUIRED: readonly ImportColumn[] = ['username', 'name', 'role']

export const COLUMNS: readonly HeadingColumn<ImportColumn>[] = IMPORT_COLUMNS.map((key) => ({ key, titles: TITLES[key] }))
export const isRequired = (column: ImportColumn): boolean => REQUIRED.includes(column)
export const TEMPLATE_TITLES: readonly string[] = IMPORT_COLUMNS.map((key) => `${TITLES[key][0] ?? key}${isRequired(key) ? '*' : ''}`)

import { Row } from '../../core/db.ts'

export class Department extends Row {
  static override tableName = 'departments'
  declare id: string
  declare parent_id: string | null
  declare name: string
  declare leader_id: string | null
  declare position: number
  declare version: number
}

/** What is known of a member of staff beside his account. */
export class StaffProfile extends Row {
  static override tableName = 'staff_profiles'
  static override idColumn = 'account_id'
  declare account_id: string
  declare department_id: string | null
  declare employee_number: string | null
  declare title_id: string | null
  declare email: string | null
  /** `yyyy-mm-dd` */
  declare joined_on: string | null
  declare note: string
  declare left_at: Date | null
  declare updated_at: Date
  declare version: number
}

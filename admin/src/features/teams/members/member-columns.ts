import type { TeamMember } from '#api/contract/team.ts'
import type { TableColumn } from '../../../shared/table-column.ts'

/** A member as a row: a person stands once in a team. */
export type MemberRow = TeamMember & { id: string }

export const memberColumns: TableColumn[] = [
  { key: 'name', titleKey: 'teams.member.name' },
  { key: 'role', titleKey: 'teams.member.role', width: '120px' },
  { key: 'presence', titleKey: 'presence.label', width: '90px' },
  { key: 'load', titleKey: 'teams.member.load', width: '180px' },
  { key: 'limit', titleKey: 'teams.member.limit', width: '150px' },
  { key: 'shift', titleKey: 'teams.member.shift', width: '110px' },
  { key: 'joined', titleKey: 'teams.member.joined', width: '110px' },
  { key: 'actions', titleKey: 'teams.member.actions', width: '150px', align: 'right' },
]

import type { TableColumn } from '../../../shared/table-column.ts'

export const calendarColumns: TableColumn[] = [
  { key: 'name', titleKey: 'teams.calendar.name', width: '220px' },
  { key: 'week', titleKey: 'teams.calendar.week' },
  { key: 'state', titleKey: 'teams.column.open', width: '220px' },
  { key: 'days', titleKey: 'teams.calendar.daysAhead', width: '120px', align: 'right' },
  { key: 'teams', titleKey: 'teams.calendar.teams', width: '200px' },
]

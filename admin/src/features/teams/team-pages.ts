import type { AreaPage } from '../../shared/area-page.ts'

export const teamPages: readonly AreaPage[] = [
  { name: 'teams', titleKey: 'teams.pages.list', permission: 'teams.read', also: ['team'] },
  { name: 'relations', titleKey: 'teams.pages.relations', permission: 'relations.read' },
  { name: 'calendars', titleKey: 'teams.pages.calendars', permission: 'teams.read', also: ['calendar', 'calendar-new'] },
]

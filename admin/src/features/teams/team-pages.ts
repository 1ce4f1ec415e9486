import type { Permission } from '#api/contract/identity.ts'

interface PageEntry {
  name: string
  titleKey: string
  permission: Permission
  /** Pages below it that keep it lit. */
  also?: readonly string[]
}

export const teamPages: readonly PageEntry[] = [
  { name: 'teams', titleKey: 'teams.pages.list', permission: 'teams.read', also: ['team'] },
  { name: 'relations', titleKey: 'teams.pages.relations', permission: 'relations.read' },
  { name: 'calendars', titleKey: 'teams.pages.calendars', permission: 'teams.read', also: ['calendar', 'calendar-new'] },
]

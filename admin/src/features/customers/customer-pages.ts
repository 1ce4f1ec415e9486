import type { AreaPage } from '../../shared/area-page.ts'

export const customerPages: readonly AreaPage[] = [
  { name: 'customers', titleKey: 'customers.pages.list', permission: 'customers.read', also: ['customer'] },
  { name: 'institutions', titleKey: 'customers.pages.institutions', permission: 'customers.read', also: ['institution'] },
  { name: 'segments', titleKey: 'customers.pages.segments', permission: 'customers.read', also: ['segment', 'segment-new'] },
  { name: 'tags', titleKey: 'customers.pages.tags', permission: 'tags.manage' },
  { name: 'merges', titleKey: 'customers.pages.merges', permission: 'customers.merge' },
  { name: 'customer-imports', titleKey: 'customers.pages.imports', permission: 'customers.import', also: ['customer-import'] },
]

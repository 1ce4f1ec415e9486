import type { OptionalColumn } from '../../../shared/chosen-columns.ts'

/** The name always stands first; the others as the reader chose them. */
export const customerColumns: readonly OptionalColumn[] = [
  { key: 'name', titleKey: 'customers.columns.name', sort: 'name', fixed: true },
  { key: 'institution', titleKey: 'customers.columns.institution', width: '170px', initially: true },
  { key: 'tags', titleKey: 'customers.columns.tags', width: '180px', initially: true },
  { key: 'owner', titleKey: 'customers.columns.owner', width: '84px', initially: true },
  { key: 'level', titleKey: 'customers.columns.level', width: '88px', initially: true },
  { key: 'phone', titleKey: 'customers.columns.phone', width: '136px', initially: true },
  { key: 'region', titleKey: 'customers.columns.region', width: '92px' },
  { key: 'channels', titleKey: 'customers.columns.channels', width: '92px' },
  {
    key: 'lastContact',
    titleKey: 'customers.columns.lastContact',
    width: '106px',
    sort: 'last_contact',
    sortFirst: 'desc',
    initially: true,
  },
  { key: 'created', titleKey: 'customers.columns.created', width: '106px', sort: 'created', sortFirst: 'desc' },
]

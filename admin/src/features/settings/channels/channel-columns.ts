import type { TableColumn } from '../../../shared/table-column.ts'

export const channelColumns: TableColumn[] = [
  { key: 'name', titleKey: 'channels.columns.name' },
  { key: 'kind', titleKey: 'channels.columns.kind', width: '160px' },
  { key: 'health', titleKey: 'channels.columns.health', width: '340px' },
  { key: 'status', titleKey: 'channels.columns.status', width: '110px' },
  { key: 'created', titleKey: 'channels.columns.created', width: '160px' },
]

export const eventColumns: TableColumn[] = [
  { key: 'received', titleKey: 'channels.events.columns.received', width: '230px' },
  { key: 'kind', titleKey: 'channels.events.columns.kind', width: '110px' },
  { key: 'sender', titleKey: 'channels.events.columns.sender' },
  { key: 'state', titleKey: 'channels.events.columns.state' },
  { key: 'action', titleKey: 'channels.events.columns.action', width: '100px', align: 'right' },
]

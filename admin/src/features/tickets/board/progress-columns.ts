import type { TableColumn } from '../../../shared/table-column.ts'
import type { ProgressBy } from './board-state.ts'

const figure = (key: string): TableColumn => ({ key, titleKey: `ticketProgress.columns.${key}`, width: '96px', align: 'right' })

export const progressColumns = (by: ProgressBy): TableColumn[] => [
  { key: 'name', titleKey: `ticketProgress.columns.${by === 'team' ? 'ofTeam' : 'ofAssignee'}` },
  figure('open'),
  figure('unassigned'),
  figure('waiting'),
  figure('breached'),
  { key: 'ageing', titleKey: 'ticketProgress.columns.ageing', width: '220px' },
  { key: 'oldest', titleKey: 'ticketProgress.columns.oldest', width: '120px' },
  figure('created'),
  { ...figure('resolved'), width: '120px' },
]

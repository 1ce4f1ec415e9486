/** What stands in a spreadsheet of tickets: it is read by people, outside the screens. */
import type { Locale } from '../../../contract/identity.ts'
import type { TicketSource, TicketStatus } from '../../../contract/ticket-status.ts'

type Words = Record<Locale, string>

export const COLUMNS = {
  number: { 'zh-CN': '编号', en: 'Number' },
  title: { 'zh-CN': '标题', en: 'Title' },
  type: { 'zh-CN': '类型', en: 'Type' },
  priority: { 'zh-CN': '优先级', en: 'Priority' },
  status: { 'zh-CN': '状态', en: 'Status' },
  customer: { 'zh-CN': '客户', en: 'Customer' },
  team: { 'zh-CN': '团队', en: 'Team' },
  assignee: { 'zh-CN': '负责人', en: 'Assignee' },
  source: { 'zh-CN': '来源', en: 'Source' },
  channel: { 'zh-CN': '渠道', en: 'Channel' },
  tags: { 'zh-CN': '标签', en: 'Tags' },
  escalation: { 'zh-CN': '升级级别', en: 'Escalation level' },
  urges: { 'zh-CN': '催单次数', en: 'Urges' },
  reopened: { 'zh-CN': '重开次数', en: 'Reopened' },
  breached: { 'zh-CN': '是否超时', en: 'Late' },
  dueAt: { 'zh-CN': '下一截止时间', en: 'Due next' },
  createdBy: { 'zh-CN': '创建人', en: 'Created by' },
  createdAt: { 'zh-CN': '创建时间', en: 'Created' },
  firstRepliedAt: { 'zh-CN': '首次响应', en: 'First response' },
  resolvedAt: { 'zh-CN': '解决时间', en: 'Resolved' },
  closedAt: { 'zh-CN': '关闭时间', en: 'Closed' },
} as const satisfies Record<string, Words>
export type ExportColumn = keyof typeof COLUMNS

export const STATUS_WORDS: Record<TicketStatus, Words> = {
  new: { 'zh-CN': '新建', en: 'New' },
  unassigned: { 'zh-CN': '待分配', en: 'Unassigned' },
  in_progress: { 'zh-CN': '处理中', en: 'In progress' },
  waiting_customer: { 'zh-CN': '待客户', en: 'Waiting for the customer' },
  on_hold: { 'zh-CN': '挂起', en: 'On hold' },
  awaiting_confirmation: { 'zh-CN': '待确认', en: 'Awaiting confirmation' },
  resolved: { 'zh-CN': '已解决', en: 'Resolved' },
  closed: { 'zh-CN': '已关闭', en: 'Closed' },
}
export const SOURCE_WORDS: Record<TicketSource, Words> = {
  conversation: { 'zh-CN': '会话', en: 'Conversation' },
  hand: { 'zh-CN': '手工', en: 'By hand' },
  customer: { 'zh-CN': '客户提交', en: 'Customer' },
  off_hours: { 'zh-CN': '非工作时间留言', en: 'Off-hours form' },
  api: { 'zh-CN': '接口', en: 'API' },
}
export const YES_NO: Record<'yes' | 'no', Words> = { yes: { 'zh-CN': '是', en: 'Yes' }, no: { 'zh-CN': '否', en: 'No' } }

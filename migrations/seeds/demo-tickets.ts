/** The demo company's tickets: one in every state, some of them late, made by those who would have made them. */
import type { Priority } from '#api/contract/priority.ts'
import type { TicketStatus } from '#api/contract/ticket-status.ts'

export interface DemoMove {
  to: TicketStatus
  /** Minutes ago. */
  ago: number
  reason?: string
  solution?: string
}

export interface DemoWord {
  /** Minutes ago. */
  ago: number
  /** Among staff, or read by the customer. */
  to: 'internal' | 'customer'
  text: string
}

export interface DemoTicket {
  title: string
  description: string
  /** Name of the customer; none: a matter of the house. */
  customer?: string
  /** Name of the type. */
  type: string
  priority: Priority
  tags: readonly string[]
  /** Name of the team; none: the general pool. */
  team?: string
  by: 'supervisor' | 'agent1' | 'agent2'
  /** Given at once; none: it waits in the pool. */
  assignee?: 'agent1' | 'agent2'
  /** Minutes ago. */
  ago: number
  words?: readonly DemoWord[]
  moves: readonly DemoMove[]
}

const HOUR = 60
const DAY = 24 * HOUR

export const tickets: readonly DemoTicket[] = [
  {
    title: '三楼会议室打印机无法联网',
    description: '更换路由器后打印机一直离线，重启无效。\n客户下午三点前在现场，可以远程。',
    type: '故障报修',
    priority: 'high',
    tags: ['打印机', '网络'],
    team: '华东客服组',
    by: 'agent1',
    assignee: 'agent1',
    customer: '沈亦舟',
    ago: 5 * HOUR,
    words: [
      { ago: 5 * HOUR - 12, to: 'customer', text: '您好，已收到报修，下午两点远程为您处理，请保持打印机开机。' },
      { ago: 3 * HOUR, to: 'internal', text: '远程看过：打印机还是旧网段的固定 IP，改成自动获取后要现场重启一次。' },
    ],
    moves: [],
  },
  {
    title: '发票抬头开错，需要作废重开',
    description: '抬头应为公司全称，税号不变，金额 12,800 元。',
    type: '账务与发票',
    priority: 'normal',
    tags: ['发票'],
    team: '华东客服组',
    by: 'agent1',
    assignee: 'agent1',
    customer: '龚丽娜',
    ago: 2 * DAY,
    words: [{ ago: 2 * DAY - 40, to: 'customer', text: '请把正确的开票资料发给我们，收到后当天作废重开。' }],
    moves: [{ to: 'waiting_customer', ago: DAY }],
  },
  {
    title: '投影仪配件缺货，等待厂家发货',
    description: '灯泡型号 LP-320，厂家承诺本周内到货。',
    type: '退换与维修',
    priority: 'normal',
    tags: ['配件'],
    team: '华南客服组',
    by: 'agent2',
    assignee: 'agent2',
    customer: '贺永宁',
    ago: 2 * DAY + 3 * HOUR,
    words: [
      { ago: 2 * DAY + 2 * HOUR + 10, to: 'customer', text: '已向厂家下单灯泡 LP-320，到货后第一时间约您更换。' },
      { ago: DAY, to: 'internal', text: '厂家说周四发货，单号出来后补在这里。' },
    ],
    moves: [{ to: 'on_hold', ago: 2 * DAY, reason: '等待厂家发货' }],
  },
  {
    title: '工程师迟到两小时，客户要求说明',
    description: '约定上午九点上门，十一点才到，客户情绪激动。',
    type: '投诉',
    priority: 'urgent',
    tags: ['上门服务'],
    team: '华东客服组',
    by: 'supervisor',
    assignee: 'agent1',
    customer: '卢雪琴',
    ago: 6 * HOUR,
    words: [{ ago: 6 * HOUR - 9, to: 'customer', text: '非常抱歉让您久等，已请主管核实原因，今天内给您答复。' }],
    moves: [{ to: 'awaiting_confirmation', ago: 2 * HOUR + 40, solution: '已致歉并减免本次上门费，改派固定工程师。' }],
  },
  {
    title: '年度维保合同续签咨询',
    description: '客户想了解三年期的价格和赠送的巡检次数。',
    type: '咨询',
    priority: 'low',
    tags: ['续约'],
    team: '华南客服组',
    by: 'agent2',
    assignee: 'agent2',
    customer: '郑慧兰',
    ago: 3 * DAY - 2 * HOUR,
    words: [{ ago: 3 * DAY - 3 * HOUR, to: 'customer', text: '三年期方案含每年两次巡检，报价单今天发到您邮箱。' }],
    moves: [{ to: 'resolved', ago: DAY, solution: '已发送三年期报价，客户确认下周签约。' }],
  },
  {
    title: '退回的显示器验收',
    description: '客户寄回一台 27 寸显示器，屏幕有亮点。',
    type: '退换与维修',
    priority: 'normal',
    tags: ['退货'],
    team: '华东客服组',
    by: 'agent1',
    assignee: 'agent1',
    customer: '许静',
    ago: 3 * DAY - HOUR,
    words: [{ ago: 3 * DAY - HOUR - 30, to: 'customer', text: '显示器已签收，正在检测，结果今天告诉您。' }],
    moves: [
      { to: 'resolved', ago: 2 * DAY, solution: '验收通过，已换新并寄出。' },
      { to: 'closed', ago: DAY },
    ],
  },
  {
    title: '新员工账号批量开通',
    description: '本月入职 26 人，名单见客户邮件。',
    type: '内部事项',
    priority: 'normal',
    tags: ['账号'],
    team: '华东客服组',
    by: 'supervisor',
    ago: 4 * HOUR,
    moves: [],
  },
  {
    title: '接口返回 502，影响下单',
    description: '从上午十点开始间歇出现，已附客户提供的时间点。',
    type: '故障报修',
    priority: 'urgent',
    tags: ['接口'],
    by: 'supervisor',
    customer: '顾明远',
    ago: 90,
    moves: [],
  },
]

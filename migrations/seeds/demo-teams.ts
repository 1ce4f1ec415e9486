/** How the demo's company serves: teams, their hours, who works when, and which customers are whose. */
import type { RelationRank } from '#api/contract/relation.ts'
import type { Period } from '#api/contract/calendar.ts'

const OFFICE: readonly Period[] = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]
const LONG: readonly Period[] = [{ from: '08:00', to: '22:00' }]
const SATURDAY: readonly Period[] = [{ from: '09:00', to: '12:00' }]
const week = (weekday: readonly Period[], saturday: readonly Period[], sunday: readonly Period[]) => [
  ...Array.from({ length: 5 }, () => weekday),
  saturday,
  sunday,
]

export const calendars = [
  { name: '标准工作时间', weekly: week(OFFICE, [], []), holidays: ['cn-2026', 'cn-2027'] },
  { name: '客服热线时间', weekly: week(LONG, LONG, LONG), holidays: [] },
  { name: '现场服务时间', weekly: week(OFFICE, SATURDAY, []), holidays: ['cn-2026', 'cn-2027'] },
] as const

export interface DemoTeam {
  name: string
  description: string
  calendar: (typeof calendars)[number]['name']
  leader: string
  supervisors?: readonly string[]
  agents: readonly string[]
  businesses: readonly string[]
  skills: Readonly<Record<string, number>>
  maxConversations?: number
  memberMaxConversations: number
  /** 早班/中班/晚班 … of a team that works by shifts: [name, from, to, colour]. */
  shifts?: readonly (readonly [string, string, string, string])[]
}

export const teams: readonly DemoTeam[] = [
  {
    name: '华东客服组',
    description: '华东地区客户的咨询与售后，公众号与网页的第一接待',
    calendar: '客服热线时间',
    leader: 'zhou.qi',
    supervisors: ['supervisor'],
    agents: ['agent1', 'xu.wenjing', 'zhu.haoran'],
    businesses: ['consultation', 'after_sales'],
    skills: { product: 4 },
    memberMaxConversations: 20,
  },
  {
    name: '华南客服组',
    description: '华南地区客户的咨询与售后，可用粤语接待',
    calendar: '客服热线时间',
    leader: 'lin.jun',
    supervisors: ['supervisor'],
    agents: ['agent2', 'he.jiahui'],
    businesses: ['consultation', 'after_sales'],
    skills: { product: 3, complaint_handling: 3 },
    memberMaxConversations: 20,
  },
  {
    name: '技术支持组',
    description: '接口、部署与故障排查，按班次轮值',
    calendar: '现场服务时间',
    leader: 'gao.yuan',
    agents: ['tang.yi', 'luo.min', 'song.kai'],
    businesses: ['technical'],
    skills: { troubleshooting: 5, api_integration: 4 },
    maxConversations: 24,
    memberMaxConversations: 8,
    shifts: [
      ['早班', '08:00', '16:00', '#3b82f6'],
      ['中班', '12:00', '20:00', '#f59e0b'],
      ['晚班', '16:00', '00:00', '#8b5cf6'],
    ],
  },
  {
    name: '账务与投诉组',
    description: '发票、对账与投诉升级',
    calendar: '标准工作时间',
    leader: 'qin.lu',
    supervisors: ['supervisor'],
    agents: ['he.jiahui', 'xu.wenjing'],
    businesses: ['billing', 'complaint'],
    skills: { billing: 4, complaint_handling: 5 },
    maxConversations: 30,
    memberMaxConversations: 10,
  },
]

/** Served by these, one after another: the n-th institution, then the n-th customer with a remark name, gets the n-th line. Days from today. */
export interface DemoRelation {
  team: string
  rank: RelationRank
  businesses?: readonly string[]
  from: number
  until: number | null
  note: string
}
export const relationsOfInstitutions: readonly (readonly DemoRelation[])[] = [
  [
    { team: '华东客服组', rank: 'primary', from: -300, until: 65, note: '年度服务合同' },
    { team: '技术支持组', rank: 'secondary', businesses: ['technical'], from: -300, until: 65, note: '驻场支持' },
  ],
  [{ team: '华南客服组', rank: 'primary', from: -359, until: 6, note: '合同即将到期，正在商议续签' }],
  [{ team: '技术支持组', rank: 'primary', businesses: ['technical'], from: -30, until: null, note: '' }],
]
export const relationsOfCustomers: readonly (readonly DemoRelation[])[] = [
  [{ team: '华东客服组', rank: 'primary', from: -120, until: 12, note: '试用期专人服务' }],
  [
    { team: '华南客服组', rank: 'primary', from: -200, until: null, note: '' },
    { team: '账务与投诉组', rank: 'secondary', businesses: ['billing'], from: -60, until: 120, note: '对账问题较多' },
  ],
  [{ team: '华东客服组', rank: 'secondary', from: 7, until: 180, note: '新合同，下周起生效' }],
]

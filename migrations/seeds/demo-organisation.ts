/** Who works at the demo's company, and where. */
export interface DemoDepartment {
  name: string
  parent?: string
  leader?: string
}

/** Parents before their children. */
export const departments: readonly DemoDepartment[] = [
  { name: '远山科技', leader: 'admin' },
  { name: '客服中心', parent: '远山科技', leader: 'supervisor' },
  { name: '华东组', parent: '客服中心', leader: 'zhou.qi' },
  { name: '华南组', parent: '客服中心', leader: 'lin.jun' },
  { name: '技术支持部', parent: '远山科技', leader: 'gao.yuan' },
  { name: '现场服务组', parent: '技术支持部' },
  { name: '质量管理部', parent: '远山科技', leader: 'shen.ning' },
  { name: '运营部', parent: '远山科技', leader: 'qin.lu' },
]

export interface DemoMember {
  username: string
  name: string
  role: string
  department: string
  employeeNumber: string
  phone: string
  joinedOn: string
  title?: string
  skills?: Readonly<Record<string, number>>
  languages?: readonly string[]
  disabled?: true
}

export const members: readonly DemoMember[] = [
  {
    username: 'admin',
    name: '陈默',
    role: '管理员',
    department: '远山科技',
    employeeNumber: 'YS0001',
    phone: '13800138001',
    joinedOn: '2021-03-01',
    title: 'it',
    languages: ['en'],
  },
  {
    username: 'supervisor',
    name: '周岚',
    role: '主管',
    department: '客服中心',
    employeeNumber: 'YS0012',
    phone: '13800138012',
    joinedOn: '2021-08-16',
    title: 'department_head',
    skills: { complaint_handling: 5, product: 4 },
  },
  {
    username: 'agent1',
    name: '林晓',
    role: '客服',
    department: '华东组',
    employeeNumber: 'YS0103',
    phone: '13800138103',
    joinedOn: '2023-05-08',
    skills: { product: 4, troubleshooting: 4, complaint_handling: 3 },
    languages: ['en'],
  },
  {
    username: 'agent2',
    name: '王可',
    role: '客服',
    department: '华南组',
    employeeNumber: 'YS0108',
    phone: '13800138108',
    joinedOn: '2024-02-19',
    skills: { billing: 5, product: 3 },
    languages: ['yue'],
  },
  {
    username: 'zhou.qi',
    name: '周琦',
    role: '主管',
    department: '华东组',
    employeeNumber: 'YS0021',
    phone: '13800138021',
    joinedOn: '2022-01-10',
    skills: { product: 5, onboarding: 4 },
    languages: ['en'],
  },
  {
    username: 'xu.wenjing',
    name: '徐文静',
    role: '客服',
    department: '华东组',
    employeeNumber: 'YS0110',
    phone: '13800138110',
    joinedOn: '2024-06-03',
    skills: { product: 3, onboarding: 3 },
  },
  {
    username: 'zhu.haoran',
    name: '朱浩然',
    role: '客服',
    department: '华东组',
    employeeNumber: 'YS0115',
    phone: '13800138115',
    joinedOn: '2025-07-21',
    skills: { product: 2, troubleshooting: 2 },
    languages: ['ja'],
  },
  {
    username: 'lin.jun',
    name: '林俊',
    role: '主管',
    department: '华南组',
    employeeNumber: 'YS0024',
    phone: '13800138024',
    joinedOn: '2022-04-18',
    skills: { complaint_handling: 4, billing: 4 },
    languages: ['yue', 'en'],
  },
  {
    username: 'he.jiahui',
    name: '何嘉慧',
    role: '客服',
    department: '华南组',
    employeeNumber: 'YS0112',
    phone: '13800138112',
    joinedOn: '2024-09-09',
    skills: { product: 3, complaint_handling: 2 },
    languages: ['yue'],
  },
  {
    username: 'deng.zihan',
    name: '邓子涵',
    role: '客服',
    department: '华南组',
    employeeNumber: 'YS0098',
    phone: '13800138098',
    joinedOn: '2023-03-27',
    skills: { billing: 3 },
    disabled: true,
  },
  {
    username: 'gao.yuan',
    name: '高远',
    role: '主管',
    department: '技术支持部',
    employeeNumber: 'YS0030',
    phone: '13800138030',
    joinedOn: '2021-11-01',
    title: 'department_head',
    skills: { troubleshooting: 5, onboarding: 5 },
    languages: ['en'],
  },
  {
    username: 'tang.yi',
    name: '唐毅',
    role: '客服',
    department: '技术支持部',
    employeeNumber: 'YS0201',
    phone: '13800138201',
    joinedOn: '2023-10-16',
    skills: { troubleshooting: 5, product: 4 },
  },
  {
    username: 'luo.min',
    name: '罗敏',
    role: '客服',
    department: '现场服务组',
    employeeNumber: 'YS0207',
    phone: '13800138207',
    joinedOn: '2025-01-06',
    skills: { onboarding: 4, troubleshooting: 3 },
  },
  {
    username: 'song.kai',
    name: '宋凯',
    role: '客服',
    department: '现场服务组',
    employeeNumber: 'YS0209',
    phone: '13800138209',
    joinedOn: '2025-04-14',
    skills: { onboarding: 3 },
    languages: ['ko'],
  },
  {
    username: 'shen.ning',
    name: '沈宁',
    role: '质检',
    department: '质量管理部',
    employeeNumber: 'YS0041',
    phone: '13800138041',
    joinedOn: '2022-09-05',
    skills: { complaint_handling: 5 },
  },
  {
    username: 'qin.lu',
    name: '秦璐',
    role: '主管',
    department: '运营部',
    employeeNumber: 'YS0050',
    phone: '13800138050',
    joinedOn: '2023-02-13',
    title: 'operations',
    languages: ['en'],
  },
]

/** The demo company's customers: eight institutions, some sixty people, their tags, and what was noted about them. */

export interface DemoInstitution {
  name: string
  type: string
  region: string
  parent?: string
  address: string
  headcount: number
  /** Who speaks for it. */
  contact: string
}

export const institutions: readonly DemoInstitution[] = [
  {
    name: '杭州禾木设计有限公司',
    type: 'enterprise',
    region: 'zhejiang',
    address: '杭州市西湖区文三路 90 号',
    headcount: 45,
    contact: '吴杰',
  },
  {
    name: '上海临港智造有限公司',
    type: 'enterprise',
    region: 'shanghai',
    address: '上海市浦东新区云鹃路 118 号',
    headcount: 620,
    contact: '许静',
  },
  {
    name: '临港智造苏州工厂',
    type: 'enterprise',
    region: 'jiangsu',
    parent: '上海临港智造有限公司',
    address: '苏州工业园区星湖街 328 号',
    headcount: 1400,
    contact: '秦国栋',
  },
  {
    name: '浙江省第二人民医院',
    type: 'hospital',
    region: 'zhejiang',
    address: '杭州市上城区解放路 68 号',
    headcount: 3100,
    contact: '郑慧兰',
  },
  { name: '南京江心洲实验中学', type: 'school', region: 'jiangsu', address: '南京市建邺区江岛路 7 号', headcount: 260, contact: '单文博' },
  {
    name: '合肥高新区政务服务中心',
    type: 'government',
    region: 'anhui',
    address: '合肥市蜀山区望江西路 800 号',
    headcount: 380,
    contact: '查立新',
  },
  { name: '青禾连锁咖啡', type: 'enterprise', region: 'beijing', address: '北京市朝阳区酒仙桥路 10 号', headcount: 900, contact: '解雨桐' },
  { name: '老柳木器行', type: 'self_employed', region: 'shandong', address: '临沂市兰山区解放路 21 号', headcount: 6, contact: '柳长河' },
]

export const tags: readonly { name: string; color: string; category: string }[] = [
  { name: '战略客户', color: '#8657c8', category: '价值' },
  { name: '高意向', color: '#d9480f', category: '价值' },
  { name: '续约在即', color: '#e8a30c', category: '价值' },
  { name: '首次采购', color: '#2f9e44', category: '阶段' },
  { name: '试用中', color: '#169b8f', category: '阶段' },
  { name: '需要回访', color: '#2f6fed', category: '阶段' },
  { name: '曾投诉', color: '#c92a2a', category: '服务' },
  { name: '要求专票', color: '#5f6b7a', category: '服务' },
  { name: '只接电话', color: '#7048e8', category: '服务' },
]

export interface DemoPerson {
  name: string
  title: string
  /** Place in `institutions`. */
  at?: number
  level?: string
  tags: readonly string[]
  /** User name of his regular agent. */
  owner?: string
  /** Days ago he was entered. */
  days: number
  note?: string
  region?: string
}

/** name · title · institution · level · tags · owner · days ago · note or region */
const PEOPLE = `
许静 采购经理 1 strategic 战略客户,要求专票 agent1 88 每月5日对账，发票寄前台。
秦国栋 厂长 2 strategic 战略客户 agent1 86 车间上午信号不好，下午再打。
沈亦舟 行政主管 1 regular 续约在即 agent1 85
顾明远 IT经理 1 regular 试用中 agent2 80
龚丽娜 财务 1 regular 要求专票 agent1 79 只收电子专票。
蒋一帆 设备工程师 2 regular 需要回访 agent2 77
盛晓岚 仓储主管 2 regular - agent2 70
郑慧兰 后勤科科长 3 vip 战略客户,续约在即 agent2 69 招标前一周不谈价格。
贺永宁 信息科工程师 3 regular 试用中 agent2 66
卢雪琴 护士长 3 regular 曾投诉,需要回访 agent1 64 换过两次椅子，第三次请主管亲自跟。
鲍春晖 采购员 3 regular 要求专票 agent2 61
单文博 总务主任 4 vip 高意向 agent1 60 暑假集中采购课桌椅。
苗思远 信息老师 4 regular 首次采购 agent1 58
童佳宁 教务 4 potential - agent2 57
查立新 办公室主任 5 vip 高意向,要求专票 agent2 55 走政采云，合同编号要写全称。
宁桂芬 财务 5 regular 要求专票 agent2 54
费思源 窗口组长 5 regular 需要回访 agent1 52
解雨桐 运营总监 6 strategic 战略客户,续约在即 agent1 50 全国38家门店，统一从北京下单。
仇海峰 门店拓展 6 regular 高意向 agent1 48
阮梦琪 门店店长 6 regular 只接电话 agent2 47
覃朗 供应链 6 regular - agent1 45
柳长河 老板 7 regular 只接电话 agent2 44 不用微信，有事打电话。
柳小满 店员 7 potential - agent2 43
吴昊天 设计师 0 regular 试用中 agent2 42
尹可欣 行政 0 regular 首次采购 agent2 41
曾国平 总经理 0 vip 高意向 agent1 40
欧阳晴 自由设计师 - potential 试用中 agent1 38 上海
司徒俊杰 民宿老板 - regular 首次采购 agent2 37 云南
乐天宇 程序员 - potential 高意向 agent1 36 浙江
区志华 律师 - regular 要求专票 agent2 35 广东
朴善英 翻译 - potential - agent1 33 吉林
尉迟敏 瑜伽馆主理人 - regular 需要回访 agent2 32 陕西
夏侯明 牙医 - potential - agent1 31 四川
翟建国 退休教师 - regular 只接电话 agent2 30 河南
令狐珊 插画师 - potential 试用中 - 29 浙江
谌小刚 健身教练 - potential - - 28 湖南
江心月 电商店主 - regular 首次采购,高意向 agent1 27 福建
洪立诚 贸易公司经理 - regular 要求专票 agent2 26 福建
严冬梅 幼儿园园长 - vip 高意向 agent1 25 江苏
褚文杰 摄影师 - potential - agent2 24 北京
戴思慧 咖啡师 - potential 试用中 - 23 重庆
孔令辉 书店老板 - regular 首次采购 agent1 22 山东
毛晓鸥 主播 - potential 高意向 agent2 21 浙江
石磊 装修队长 - regular - agent1 20 河北
白雪 会计 - regular 要求专票 agent2 19 辽宁
龙飞 车队经理 - potential - agent1 18 湖北
段誉文 旅行社计调 - potential 需要回访 agent2 17 云南
姚雪莲 月子中心主管 - regular 高意向 agent1 16 新疆
汤圆圆 甜品店主 - potential - - 15 广东
金哲秀 韩餐老板 - potential 首次采购 agent2 14 吉林
康健 理疗师 - regular 只接电话 agent1 13 山西
左思琪 研究生 - potential 试用中 - 12 湖北
万里鹏 物流经理 - regular 曾投诉,需要回访 agent2 11 江西
古丽娜 舞蹈老师 - potential - agent1 10 新疆
方子墨 独立开发者 - potential 试用中 agent1 8 浙江
常悦 HR - regular 首次采购 agent2 6 天津
牛小萌 大学辅导员 - potential - - 5 河北
梅若溪 花店主理人 - potential 高意向 agent1 3 江苏
聂海涛 酒店采购 - vip 高意向,要求专票 agent2 2 海南
杭一诺 实习生 - potential - - 1 浙江
`

/** 省份 as the lines above name them → code of the dictionary. */
const REGIONS: Readonly<Record<string, string>> = {
  上海: 'shanghai', 云南: 'yunnan', 浙江: 'zhejiang', 广东: 'guangdong', 吉林: 'jilin', 陕西: 'shaanxi', 四川: 'sichuan', 河南: 'henan',
  湖南: 'hunan', 福建: 'fujian', 江苏: 'jiangsu', 北京: 'beijing', 重庆: 'chongqing', 山东: 'shandong', 河北: 'hebei', 辽宁: 'liaoning',
  湖北: 'hubei', 新疆: 'xinjiang', 山西: 'shanxi', 江西: 'jiangxi', 天津: 'tianjin', 海南: 'hainan',
} // prettier-ignore

/** What a line leaves open is no property at all. */
const given = <T>(key: string, text: string | undefined, read: (text: string) => T): Record<string, T> =>
  text === undefined || text === '-' ? {} : { [key]: read(text) }
const itself = (text: string) => text

function personOf(line: string): DemoPerson {
  const [name = '', title = '', at, level, marks = '-', owner, days = '0', last = '-'] = line.split(' ')
  return {
    name,
    title,
    days: Number(days),
    tags: marks === '-' ? [] : marks.split(','),
    ...given('at', at, Number),
    ...given('level', level, itself),
    ...given('owner', owner, itself),
    ...(last in REGIONS ? given('region', REGIONS[last], itself) : given('note', last, itself)),
  }
}

export const people: readonly DemoPerson[] = PEOPLE.trim().split('\n').map(personOf)

/** Those who write on the simulated phones: what is known of them beside their messages. */
export const writers: readonly {
  openId: string
  name: string
  title?: string
  at?: number
  owner: string
  tags: readonly string[]
  note?: string
}[] = [
  {
    openId: 'oLk7s5Qm2vTe9hRc41XbwPz0Ka8d',
    name: '赵敏',
    title: '行政',
    at: 1,
    owner: 'agent1',
    tags: ['高意向'],
    note: '颜色以灰色为准，交货走 2 号门。',
  },
  {
    openId: 'oLk7s5dN8yUf3jWp60GqmBz5Vt2x',
    name: '李强',
    owner: 'agent1',
    tags: ['曾投诉', '需要回访'],
    note: 'E07 第二次出现，已约工程师上门。',
  },
  { openId: 'oLk7s5Zp4gJi0tYv85HcuFn2Sb9e', name: '吴杰', title: '合伙人', at: 0, owner: 'agent2', tags: ['要求专票'] },
]

/** A believable day: who works here, through which channels customers come, and what they have written. */
import type { Role } from '#api/contract/identity.ts'

export const DEMO_PASSWORD = 'lianke-demo'

export const staff: readonly { username: string; name: string; role: Role }[] = [
  { username: 'admin', name: '陈默', role: 'admin' },
  { username: 'supervisor', name: '周岚', role: 'supervisor' },
  { username: 'agent1', name: '林晓', role: 'agent' },
  { username: 'agent2', name: '王可', role: 'agent' },
]

/** Ids are fixed so that the simulator finds the account again after a restart. */
export const officialAccount = {
  id: '01930000-0000-7000-8000-00000000000a',
  name: '云帆办公 公众号',
  settings: {
    appId: 'wx8f2c5d6e7a9b0c13',
    appSecret: '5f2d8c1b7a6e4930b1c2d3e4f5a60718',
    token: 'liankeDemoToken',
    encodingAesKey: 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWE',
    mode: 'safe' as const,
    originalId: 'gh_3c5a9d1e7f20',
  },
}

/** What the account was granted at the platform: for customers whose window is closed. */
export const templates = [
  {
    templateId: 'Tq3vXcN8sLk0YpWm5RzJ2hBd7GfUeA1oKi9MlQw6n4E',
    title: '订单状态提醒',
    content: '订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n当前状态：{{phrase3.DATA}}\n备注：{{thing4.DATA}}',
  },
  {
    templateId: 'Zk7bHn2tVq5XwLs9RcMf3JdYp0GuEa8oTi6QmWl1e4N',
    title: '上门服务预约通知',
    content: '服务项目：{{thing1.DATA}}\n预约时间：{{time2.DATA}}\n服务人员：{{name3.DATA}}\n联系电话：{{phone_number4.DATA}}',
  },
] as const

export const webAccount = {
  id: '01930000-0000-7000-8000-00000000000b',
  name: '官网在线咨询',
  settings: {
    title: '云帆办公 在线客服',
    welcome: '您好，这里是云帆办公。请告诉我们订单号或您遇到的问题，我们马上为您处理。',
    accent: '#2f6fed',
  },
}

export interface DemoCustomer {
  openId: string
  nickname: string
  remarkName?: string
}

export const customers: readonly DemoCustomer[] = [
  { openId: 'oLk7s5Qm2vTe9hRc41XbwPz0Ka8d', nickname: '赵敏', remarkName: '赵敏（临港智造 行政）' },
  { openId: 'oLk7s5dN8yUf3jWp60GqmBz5Vt2x', nickname: '李强', remarkName: '李强' },
  { openId: 'oLk7s5Rh1cKo7nEs94LaxQd3Mw6k', nickname: '孙婷' },
  { openId: 'oLk7s5Zp4gJi0tYv85HcuFn2Sb9e', nickname: '吴杰', remarkName: '吴杰（禾木设计）' },
]

export interface DemoLine {
  /** Minutes before now. */
  ago: number
  by: 'customer' | 'agent'
  text: string
}
export interface DemoConversation {
  customer: string
  agent: string
  lines: readonly DemoLine[]
  closed?: 'resolved'
}

export const conversations: readonly DemoConversation[] = [
  {
    customer: 'oLk7s5Qm2vTe9hRc41XbwPz0Ka8d',
    agent: 'agent1',
    closed: 'resolved',
    lines: [
      { ago: 395, by: 'customer', text: '早上好，我们上周订的 12 把人体工学椅，能改成灰色吗？' },
      { ago: 392, by: 'agent', text: '赵女士早上好，我查一下订单 YF20261116-0382，请稍等。' },
      { ago: 388, by: 'agent', text: '这批还在备货，可以改成灰色，交期不变，仍是本周五送到。我现在为您改好。' },
      { ago: 385, by: 'customer', text: '太好了，谢谢[玫瑰]' },
      { ago: 384, by: 'agent', text: '已经改好，新的确认单稍后发到您的邮箱。祝工作顺利！' },
    ],
  },
  {
    customer: 'oLk7s5dN8yUf3jWp60GqmBz5Vt2x',
    agent: 'agent1',
    lines: [
      { ago: 64, by: 'customer', text: '你们的升降桌按下去没反应，屏幕显示 E07' },
      { ago: 61, by: 'agent', text: '李先生您好，E07 是两侧立柱高度不一致。请拔掉电源等 10 秒再插上，然后长按“下”键 15 秒让它重新归位。' },
      { ago: 47, by: 'customer', text: '试了，归位以后好像可以了，我再观察一下' },
      { ago: 45, by: 'agent', text: '好的，如果再出现 E07，请拍一张屏幕的照片发给我。' },
      { ago: 12, by: 'customer', text: '又出现了[流泪]，还是 E07，桌子停在半空下不来，下午还要用' },
    ],
  },
  {
    customer: 'oLk7s5Zp4gJi0tYv85HcuFn2Sb9e',
    agent: 'agent2',
    lines: [
      { ago: 33, by: 'customer', text: '想开一张增值税专用发票，抬头和税号怎么给你们？' },
      { ago: 30, by: 'agent', text: '您好，请发给我公司全称、税号、开户行和账号，我帮您登记，1 个工作日内开出电子专票。' },
      { ago: 8, by: 'customer', text: '杭州禾木设计有限公司，税号 91330106MA2AXXXX5K，其他的我问一下财务' },
    ],
  },
]

/** Writes to nobody yet: waits in the queue until somebody comes online. */
export const waiting: readonly DemoLine[] = [
  { ago: 4, by: 'customer', text: '你好，请问会议桌可以上门量尺寸吗？' },
  { ago: 3, by: 'customer', text: '在浦东张江这边' },
]
export const waitingCustomer = 'oLk7s5Rh1cKo7nEs94LaxQd3Mw6k'

/** All that was said with this customer, as it stands on his phone. */
export function talkWith(openId: string): { by: 'customer' | 'account'; text: string }[] {
  const told = conversations.filter(({ customer }) => customer === openId).flatMap(({ lines }) => lines)
  return [...told, ...(openId === waitingCustomer ? waiting : [])].map(({ by, text }) => ({ by: by === 'agent' ? 'account' : by, text }))
}

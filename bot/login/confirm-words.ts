/** What the person who scanned reads on his phone: what is asked for, from where, and what to answer. */
import type { Locale } from '#api/contract/identity.ts'
import type { MessagePart } from '#api/contract/message.ts'
import { askedOf, type ScanRow } from '#api/modules/identity/index.ts'
import { deviceName } from './device-name.ts'

const OPTION = /^login-(yes|no):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Pure: the answer that a click in our menu is; null for everything else. */
export function readDecision(optionId: string): { id: string; agreed: boolean } | null {
  const [, answer, id] = OPTION.exec(optionId) ?? []
  return id === undefined ? null : { id, agreed: answer === 'yes' }
}

const WORDS = {
  'zh-CN': {
    staff_login: () => '有人请求用您的微信登录连客工作台。',
    staff_bind: (account: string) => `有人请求把您的微信绑定到连客账号“${account}”。`,
    customer_login: () => '有人请求用您的微信登录网页客服。',
    device: '设备',
    address: 'IP 地址',
    unknown: '未知',
    warning: '如果不是您本人正在操作，请点“不是我”。',
    yes: '确认',
    no: '不是我',
    confirmed: '已确认，请回到刚才的网页。',
    refused: '已拒绝，没有人因此登录。',
    late: '这次请求已经过期，请在网页上刷新二维码后重新扫描。',
  },
  en: {
    staff_login: () => 'Somebody asks to sign in to the Lianke workbench as you.',
    staff_bind: (account: string) => `Somebody asks to bind your WeChat to the Lianke account "${account}".`,
    customer_login: () => 'Somebody asks to sign in to the customer service page as you.',
    device: 'Device',
    address: 'IP address',
    unknown: 'unknown',
    warning: 'If this is not you, choose "Not me".',
    yes: 'Confirm',
    no: 'Not me',
    confirmed: 'Confirmed; go on in the browser.',
    refused: 'Refused; nobody was signed in.',
    late: 'This request is over. Refresh the code in the browser and scan again.',
  },
} as const

/** @param account whose account WeChat is to be bound to */
export function confirmMenu(scan: ScanRow, account: string): MessagePart {
  const { ip, userAgent, locale } = askedOf(scan)
  const words = WORDS[locale]
  const lines = [
    words[scan.purpose](account),
    `${words.device}: ${deviceName(userAgent) ?? words.unknown}`,
    `${words.address}: ${ip}`,
    words.warning,
  ]
  const options = [
    { id: `login-yes:${scan.id}`, text: words.yes },
    { id: `login-no:${scan.id}`, text: words.no },
  ]
  return { type: 'menu', head: lines.join('\n'), options }
}

export const decidedText = (outcome: 'confirmed' | 'refused' | 'late', locale: Locale): MessagePart => ({
  type: 'text',
  text: WORDS[locale][outcome],
})

/** As the browser that began prefers; Chinese where it says nothing. */
export const localeOf = (acceptLanguage: unknown): Locale =>
  typeof acceptLanguage === 'string' && /^\s*en\b/i.test(acceptLanguage) ? 'en' : 'zh-CN'

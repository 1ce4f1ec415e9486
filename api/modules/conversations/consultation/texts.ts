/** What the product says by itself at the start of a consultation, and the variables in it. Pure. */
import { z } from 'zod'
import { AUTO_TEXTS, AUTO_VARIABLES, type AutoText, autoTextSchema, type AutoVariable } from '../../../contract/consultation.ts'
import type { Locale } from '../../../contract/identity.ts'

export const storedTextsSchema = z.partialRecord(z.enum(AUTO_TEXTS), autoTextSchema)
export type StoredTexts = z.infer<typeof storedTextsSchema>
type Words = z.infer<typeof autoTextSchema>

const said = (zh: string, en: string): Words => ({ on: true, zh, en })
const unsaid = (zh: string, en: string): Words => ({ on: false, zh, en })

/**
 * The product's own words. Greetings and places in the queue are off until somebody wants them: where answers are counted they cost the very calls
 * that an agent needs, and our own page shows both without a message.
 */
export const AUTO_TEXT_DEFAULTS: Record<AutoText, Words> = {
  welcome: unsaid('您好，{客户}！请问有什么可以帮您？', 'Hello {customer}, how can we help you?'),
  choice: said('请问您想咨询哪方面的问题？点击或回复数字即可。', 'What is it about? Tap one or answer with its number.'),
  queued: unsaid(
    '您好，客服正在服务其他客户。您排在第 {排队位置} 位，预计等待{预计等待}。',
    'All our colleagues are busy. You are number {position} in the queue; expected wait: {estimate}.',
  ),
  queue_moved: unsaid(
    '您现在排在第 {排队位置} 位，预计等待{预计等待}。',
    'You are now number {position} in the queue; expected wait: {estimate}.',
  ),
  handed_over: unsaid('客服 {客服} 为您服务。', '{agent} is with you now.'),
  off_hours: said(
    '您好，现在不是服务时间，{上班时间}。您可以留言，我们上班后尽快联系您。',
    'Hello! We are closed at the moment; {opening}. Leave us a message and we will come back to you.',
  ),
  contact_received: said('已收到您的留言，我们上班后会尽快联系您。', 'We have your message and will come back to you once we are open.'),
  left_queue: said('已为您取消排队，需要时请随时联系我们。', 'You have left the queue. Write to us whenever you need us.'),
  timed_out: said(
    '抱歉让您久等了，暂时没有空闲的客服。请稍后再联系我们。',
    'We are sorry to have kept you waiting: nobody is free right now. Please write to us again later.',
  ),
  overflow: said(
    '现在排队的人较多，可能要等比较久。您可以先留言，我们会尽快联系您，也可以继续排队。',
    'Many people are waiting and it may take long. Leave us a message and we will come back to you, or stay in the queue.',
  ),
  opened: unsaid('我们上班了，正在为您安排客服。', 'We are open now and looking for a colleague for you.'),
}

export const textFor = (texts: StoredTexts, name: AutoText): Words => texts[name] ?? AUTO_TEXT_DEFAULTS[name]

const VARIABLE = /\{([^{}\n]{1,20})\}/gu
const VARIABLES: readonly AutoVariable[] = ['customer', 'agent', 'team', 'position', 'ahead', 'estimate', 'minutes', 'opening', 'form']
/** By either name. */
const BY_NAME: ReadonlyMap<string, AutoVariable> = new Map(
  VARIABLES.flatMap((name) => [[name, name] as const, [AUTO_VARIABLES[name], name] as const]),
)

/** Names in braces that nobody fills in. */
export function textFaults(texts: StoredTexts): string[] {
  const all = Object.values(texts).flatMap(({ zh, en }) => [zh, en])
  const names = all.flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name]) => name ?? ''))
  return [...new Set(names.filter((name) => !BY_NAME.has(name)))]
}

export type Values = Partial<Record<AutoVariable, string>>

/** A variable without a value is left out; blanks that it leaves behind go with it. A value is never read as a template. */
export const fillText = (template: string, values: Values): string =>
  template
    .replace(VARIABLE, (whole, name: string) => {
      const variable = BY_NAME.get(name)
      return variable === undefined ? whole : (values[variable] ?? '')
    })
    .replace(/ {2,}/g, ' ')
    .trim()

/** Whole minutes, rounded up: nobody is told a second. */
export function spokenWait(seconds: number | null, locale: Locale): string {
  if (seconds === null) return locale === 'en' ? 'not known yet' : '时间暂时无法估计'
  const minutes = Math.max(1, Math.ceil(seconds / 60))
  return locale === 'en' ? `about ${minutes} min` : `约 ${minutes} 分钟`
}

/** `changesAt` in the company's own time. */
export function spokenOpening(opensAt: Date | null, timeZone: string, locale: Locale): string {
  if (opensAt === null) return locale === 'en' ? 'we will be back soon' : '我们会尽快恢复服务'
  const at = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(opensAt)
  return locale === 'en' ? `we open on ${at}` : `服务将于${at}开始`
}

/** The few words of a transcript, which leaves the house as a file and so cannot be worded by a screen. */
import type { Locale } from '../../../contract/identity.ts'
import type { MessagePart } from '../../../contract/message.ts'

const ZH = {
  title: '会话记录',
  customer: '客户',
  channel: '渠道',
  agent: '客服',
  from: '开始时间',
  to: '结束时间',
  open: '进行中',
  exportedBy: '导出人',
  exportedAt: '导出时间',
  withNotes: '含内部备注，请勿外传',
  zone: '时区',
  note: '内部备注',
  bot: '自动消息',
  recalled: '（已撤回）',
  failed: '（未送达）',
  image: '图片',
  audio: '语音',
  video: '视频',
  file: '文件',
  location: '位置',
  link: '链接',
  menu: '选项',
  card: '卡片',
  template: '模板消息',
  unsupported: '（此类消息无法显示）',
  unnamed: '未命名客户',
  page: '第 {page} / {pages} 页',
}
type Words = typeof ZH
const EN: Words = {
  title: 'Conversation transcript',
  customer: 'Customer',
  channel: 'Channel',
  agent: 'Agent',
  from: 'Started',
  to: 'Ended',
  open: 'Going on',
  exportedBy: 'Exported by',
  exportedAt: 'Exported at',
  withNotes: 'Contains internal notes: do not pass on',
  zone: 'Time zone',
  note: 'Internal note',
  bot: 'Automatic message',
  recalled: '(recalled)',
  failed: '(not delivered)',
  image: 'Picture',
  audio: 'Voice',
  video: 'Video',
  file: 'File',
  location: 'Place',
  link: 'Link',
  menu: 'Options',
  card: 'Card',
  template: 'Template message',
  unsupported: '(this kind of message cannot be shown)',
  unnamed: 'Unnamed customer',
  page: 'Page {page} of {pages}',
}
export type TranscriptWords = Words
export const wordsFor = (locale: Locale): Words => (locale === 'en' ? EN : ZH)

const named = (kind: string, name: string | undefined): string => (name ? `[${kind}] ${name}` : `[${kind}]`)

/** One part as text. A link stands as it was sent: whoever reads a file decides himself. */
export function partText(part: MessagePart, words: Words): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'image':
      return named(words.image, part.media.name)
    case 'audio':
      return [named(words.audio, undefined), part.transcript].filter(Boolean).join(' ')
    case 'video':
      return named(words.video, part.title ?? part.media.name)
    case 'file':
      return named(words.file, part.media.name)
    case 'location':
      return named(words.location, part.label ?? `${part.latitude}, ${part.longitude}`)
    case 'link':
      return [named(words.link, part.title), part.url].join('\n')
    case 'menu':
      return [part.head, ...part.options.map(({ text }) => `· ${text}`), part.tail].filter(Boolean).join('\n')
    case 'card':
      return [named(words.card, part.title), part.description, part.url].filter(Boolean).join('\n')
    case 'template':
      return named(words.template, part.preview ?? Object.values(part.data).join(' '))
    default:
      return words.unsupported
  }
}

/** Nothing in it may move the cursor, turn the direction of reading, or end the text. */
// eslint-disable-next-line no-control-regex -- that is what is taken out
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g
export const readable = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[\r\u2028\u2029]/g, '\n')
    .replace(HIDDEN, '')
    .toWellFormed()

import type { InboundEvent } from '../contract/adapter.ts'
import { textOf, type FieldValue, type Fields } from './fields.ts'

type EventContent = Pick<InboundEvent, 'kind' | 'opens' | 'source' | 'receipt' | 'detail'> & { from?: InboundEvent['from'] }

const QR_PREFIX = 'qrscene_'

/** Meaning of each event; the names differ in case between the platform's own pages. */
const READERS: ReadonlyMap<string, (fields: Fields) => EventContent> = new Map([
  ['subscribe', followed],
  ['unsubscribe', () => ({ kind: 'unsubscribed' })],
  ['scan', (fields) => ({ kind: 'entered', opens: 'scan', ...sourceOf('qr', textOf(fields, 'EventKey')) })],
  ['click', openingMenu],
  ['scancode_push', openingMenu],
  ['scancode_waitmsg', openingMenu],
  ['view', menu],
  ['view_miniprogram', menu],
  ['pic_sysphoto', menu],
  ['pic_photo_or_album', menu],
  ['pic_weixin', menu],
  ['location_select', menu],
  ['templatesendjobfinish', templateReceipt],
  ['user_authorization_revoke', revoked],
  ['user_authorization_cancellation', revoked],
  ['masssendjobfinish', aboutTheAccount],
  ['publishjobfinish', aboutTheAccount],
])

export function eventContent(fields: Fields): EventContent {
  const read = READERS.get(textOf(fields, 'Event').toLowerCase())
  return read === undefined ? { kind: 'other', ...detailOf(fields) } : read(fields)
}

/** `EventKey` is empty for a plain follow and `qrscene_` + scene for a follow through a QR code with a scene. */
function followed(fields: Fields): EventContent {
  const key = textOf(fields, 'EventKey')
  return { kind: 'subscribed', opens: 'follow', ...(key.startsWith(QR_PREFIX) ? sourceOf('qr', key.slice(QR_PREFIX.length)) : {}) }
}

/** Only these menu types re-open the right to answer: a page view or a photo does not. */
function openingMenu(fields: Fields): EventContent {
  return { ...menu(fields), opens: 'menu' }
}

function menu(fields: Fields): EventContent {
  return { kind: 'menu_clicked', ...sourceOf('menu', textOf(fields, 'EventKey')), ...detailOf(fields) }
}

function sourceOf(kind: string, label: string): Pick<EventContent, 'source'> {
  return label === '' ? {} : { source: { kind, label: label.slice(0, 1024).toWellFormed() } }
}

/** `failed:user block` and `failed: system failed`: the platform's spaces differ. */
function templateReceipt(fields: Fields): EventContent {
  const externalId = textOf(fields, 'MsgID') || textOf(fields, 'MsgId')
  const status = textOf(fields, 'Status')
  if (externalId === '') return { kind: 'other', ...detailOf(fields) }
  if (status === 'success') return { kind: 'receipt', receipt: { externalId, state: 'delivered' } }
  const reason = /^failed:\s*user\s*block/i.test(status) ? 'customer_refuses' : 'rejected'
  return { kind: 'receipt', receipt: { externalId, state: 'failed', reason, platformCode: status } }
}

/** The platform's own address is the sender; the person who took his consent back, or closed his account, stands in `OpenID`. */
function revoked(fields: Fields): EventContent {
  const person = textOf(fields, 'OpenID') || textOf(fields, 'FromUserName')
  return { kind: 'authorization_revoked', from: person === '' ? null : { externalId: person }, ...detailOf(fields) }
}

/** Sent in the name of some assistant, not of a customer. */
function aboutTheAccount(fields: Fields): EventContent {
  return { kind: 'other', from: null, ...detailOf(fields) }
}

const ENVELOPE_FIELDS: ReadonlySet<string> = new Set(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Encrypt', '__proto__'])
const MAX_DETAIL_CHARACTERS = 4096

/** The event's own fields as JSON, while they are small; the raw payload is in the ledger anyway. */
function detailOf(fields: Fields): Pick<EventContent, 'detail'> {
  const own = [...fields].filter(([name]) => !ENVELOPE_FIELDS.has(name))
  const detail = Object.fromEntries(own.map(([name, value]) => [name, plain(value)]))
  const size = JSON.stringify(detail).length
  return {
    detail: size <= MAX_DETAIL_CHARACTERS ? detail : { Event: textOf(fields, 'Event').slice(0, 64).toWellFormed(), truncated: true },
  }
}

function plain(value: FieldValue): unknown {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries([...value].filter(([name]) => name !== '__proto__').map(([name, member]) => [name, plain(member)]))
}

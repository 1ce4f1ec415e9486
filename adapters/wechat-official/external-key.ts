/**
 * Names a message or event so that a redelivery gets the same name and nothing else does. Messages carry a MsgId; events do not, and the
 * platform's advice (sender and second) confuses two events of one second, so whatever tells them apart takes part.
 */
import { createHash } from 'node:crypto'
import { textOf, type FieldValue, type Fields } from './fields.ts'

export function messageKey(fields: Fields): string {
  const id = textOf(fields, 'MsgId')
  if (id === '') return payloadKey(JSON.stringify(canonical(fields)))
  return keyOf('message', [textOf(fields, 'FromUserName'), textOf(fields, 'CreateTime'), id])
}

/** Already in the key, the same for all events of the account, or implied by the others. */
const NAMED_IN_EVENT_KEY: ReadonlySet<string> = new Set([
  'ToUserName',
  'FromUserName',
  'CreateTime',
  'MsgType',
  'Event',
  'EventKey',
  'Ticket',
  'MenuId',
  'MenuID',
  'Encrypt',
])

export function eventKey(fields: Fields): string {
  const named = ['FromUserName', 'CreateTime', 'Event', 'EventKey'].map((name) => textOf(fields, name))
  const rest = [...fields].filter(([name, value]) => !NAMED_IN_EVENT_KEY.has(name) || (name === 'EventKey' && typeof value !== 'string'))
  return rest.length === 0 ? keyOf('event', named) : keyOf('event', [...named, digest(JSON.stringify(canonical(new Map(rest))))])
}

/** For what has no names of its own. */
export const payloadKey = (payload: string): string => `payload:${digest(payload)}`

/** Readable where the values are plain; what could be mistaken for a separator, or is long, is digested. */
function keyOf(kind: string, values: string[]): string {
  const plain = values.every((value) => /^[\w.@=/-]{0,80}$/.test(value))
  return `${kind}:${plain ? values.join(':') : digest(JSON.stringify(values))}`
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The platform does not promise an order of fields. */
function canonical(value: FieldValue): unknown {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(canonical)
  return [...value].map(([name, member]) => [name, canonical(member)] as const).sort(([left], [right]) => (left < right ? -1 : 1))
}

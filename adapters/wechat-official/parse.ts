/**
 * From a decrypted callback to what the core understands. Pure; whatever the platform invents next becomes `unsupported` or `other`.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
 */
import type { InboundEvent, InboundPart } from '../contract/adapter.ts'
import { eventContent } from './event-content.ts'
import { eventKey, messageKey, payloadKey } from './external-key.ts'
import { MalformedPayload, textOf, type Fields } from './fields.ts'
import { messagePart } from './message-part.ts'
import { parsePayload } from './payload.ts'

/** A callback carries one message or one event. */
export function parse(payload: string): InboundEvent[] {
  const fields = readFields(payload)
  if (fields === null)
    return [{ kind: 'other', externalKey: payloadKey(payload), occurredAt: EPOCH, from: null, detail: { malformed: true } }]
  const sender = textOf(fields, 'FromUserName')
  const type = textOf(fields, 'MsgType')
  const time = occurredAt(textOf(fields, 'CreateTime'))
  const from = sender === '' ? null : { externalId: sender }
  if (type === 'event') return [{ occurredAt: time, from, externalKey: eventKey(fields), ...eventContent(fields) }]
  if (type === '' || from === null) return [{ kind: 'other', externalKey: messageKey(fields), occurredAt: time, from }]
  const part = messagePart(type, fields)
  const event: InboundEvent = {
    kind: 'message',
    externalKey: messageKey(fields),
    occurredAt: time,
    from,
    opens: allowanceOf(part),
    parts: [part],
  }
  const article = textOf(fields, 'MsgDataId')
  if (article !== '') event.detail = { articleId: article, articleIndex: textOf(fields, 'Idx') }
  return [event]
}

/** The platform counts a click in a `msgmenu` as a menu click although it arrives as a text. */
function allowanceOf(part: InboundPart): string {
  return part.type === 'text' && part.menuOptionId !== undefined ? 'menu' : 'message'
}

function readFields(payload: string): Fields | null {
  try {
    return parsePayload(payload)
  } catch (error) {
    if (error instanceof MalformedPayload) return null
    throw error
  }
}

/** What carries no usable time is as old as can be: there is no clock here. */
const EPOCH = new Date(0).toISOString()

function occurredAt(createTime: string): string {
  return /^\d{1,11}$/.test(createTime) ? new Date(Number(createTime) * 1000).toISOString() : EPOCH
}

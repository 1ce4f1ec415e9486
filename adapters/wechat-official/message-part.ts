import { messagePartSchema } from '#api/contract/message.ts'
import type { InboundMediaPart, InboundPart } from '../contract/adapter.ts'
import { textOf, type Fields } from './fields.ts'

const MAX_TEXT = 120_000

/**
 * What a customer sent; unknown kinds and those without content are `unsupported`, never dropped.
 * Emotions stay text codes ([微笑], /::)): screens draw them.
 */
export function messagePart(type: string, fields: Fields): InboundPart {
  return partOf(type, fields) ?? unsupported(type)
}

/** Null: nothing that could be shown. */
function partOf(type: string, fields: Fields): InboundPart | null {
  switch (type) {
    case 'text':
      return textPart(fields)
    case 'image':
      return mediaPart('image', fields)
    case 'voice':
      return voicePart(fields)
    case 'video':
    case 'shortvideo':
      return mediaPart('video', fields)
    case 'location':
      return locationPart(fields)
    case 'link':
      return linkPart(fields)
    default:
      return null
  }
}

function textPart(fields: Fields): InboundPart {
  const text = textOf(fields, 'Content').slice(0, MAX_TEXT).toWellFormed()
  const option = textOf(fields, 'bizmsgmenuid')
  return option === '' ? { type: 'text', text } : { type: 'text', text, menuOptionId: option }
}

function mediaPart(type: InboundMediaPart['type'], fields: Fields): InboundMediaPart | null {
  const id = textOf(fields, 'MediaId')
  if (id === '') return null
  const format = textOf(fields, 'Format').toLowerCase()
  const thumbId = textOf(fields, 'ThumbMediaId')
  return { type, mediaRef: { id, ...(format === '' ? {} : { format }), ...(thumbId === '' ? {} : { thumbId }) } }
}

/** `Recognition` is there only while the account has speech recognition, which the platform is retiring. */
function voicePart(fields: Fields): InboundMediaPart | null {
  const part = mediaPart('audio', fields)
  const transcript = textOf(fields, 'Recognition')
  return part === null || transcript === '' ? part : { ...part, transcript }
}

function locationPart(fields: Fields): InboundPart | null {
  const label = textOf(fields, 'Label')
  const scale = numberOf(fields, 'Scale')
  return checked({
    type: 'location',
    latitude: numberOf(fields, 'Location_X'),
    longitude: numberOf(fields, 'Location_Y'),
    ...(label === '' ? {} : { label: shortened(label, 500) }),
    ...(Number.isNaN(scale) ? {} : { scale }),
  })
}

/** An address that is not of the web (or none) still says something: it is kept as text. */
function linkPart(fields: Fields): InboundPart | null {
  const title = textOf(fields, 'Title')
  const url = textOf(fields, 'Url')
  const description = textOf(fields, 'Description')
  const link = checked({
    type: 'link',
    url,
    title: shortened(title, 256),
    ...(description === '' ? {} : { description: shortened(description, 1024) }),
  })
  if (link !== null) return link
  const text = [title, description, url].filter((line) => line !== '').join('\n')
  return text === '' ? null : { type: 'text', text: text.slice(0, MAX_TEXT).toWellFormed() }
}

/** A part of the platform's making that our own message model accepts. */
function checked(part: unknown): InboundPart | null {
  const result = messagePartSchema.safeParse(part)
  return result.success && (result.data.type === 'location' || result.data.type === 'link') ? result.data : null
}

const unsupported = (original: string): InboundPart => ({ type: 'unsupported', original: shortened(original, 64) })

function shortened(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).toWellFormed()
}

/** NaN when absent: `Number('')` would be 0. */
function numberOf(fields: Fields, name: string): number {
  const text = textOf(fields, name).trim()
  return text === '' ? Number.NaN : Number(text)
}

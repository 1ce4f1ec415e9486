/** Messages turned into what stands on the screen: date lines, system lines, bubbles that belong together. Pure. */
import type { Message } from '#api/contract/message.ts'
import type { OutboxEntry } from '../../stores/outbox-state.ts'

export type TimelineRow =
  | { kind: 'day'; key: string; iso: string }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; message: Message }
  | { kind: 'hidden'; key: string; message: Message }
  | { kind: 'recalled'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; joined: boolean }
  | { kind: 'pending'; key: string; entry: OutboxEntry; joined: boolean }

export interface RowsInput {
  messages: readonly Message[]
  /** Nothing older exists: only then is it known that a day begins with the first message. */
  reachedStart: boolean
  /** Written here and not yet confirmed; those the server already has are left out by the caller. */
  pending: readonly OutboxEntry[]
  /** Messages of the customer after this one were unread when the conversation was opened; null = no line. */
  unreadAfter: number | null
}

/** Messages of one author within this time share one name and picture. */
const JOIN_MS = 3 * 60_000

/** Asked for every message whenever one arrives: in a conversation of ten thousand the calendar would be felt. */
const days = new Map<string, string>()
const DAYS_KEPT = 50_000
const dayOf = (iso: string): string => {
  const known = days.get(iso)
  if (known !== undefined) return known
  if (days.size > DAYS_KEPT) days.clear()
  const day = new Date(iso).toDateString()
  days.set(iso, day)
  return day
}

const isJoined = (before: Message | undefined, message: Message): boolean =>
  before !== undefined &&
  before.direction === message.direction &&
  before.author.id === message.author.id &&
  before.author.kind === message.author.kind &&
  before.recalledAt === null &&
  dayOf(before.createdAt) === dayOf(message.createdAt) &&
  Date.parse(message.createdAt) - Date.parse(before.createdAt) < JOIN_MS

/** The row keeps its identity when the server's message takes the place of the optimistic one. */
const keyOf = (message: Message): string => message.clientKey ?? message.id

/** A line about the work itself (passed on, helped, merged), which customers never get. */
const isWorkLine = (message: Message): boolean => message.direction === 'note' && message.author.kind === 'system'

const madeRow = (message: Message, joined: boolean): TimelineRow => {
  const key = keyOf(message)
  if (message.recalledAt !== null) return { kind: 'recalled', key, message }
  if (message.direction === 'system' || isWorkLine(message)) return { kind: 'system', key, message }
  // Its place is all that others may know of a whisper.
  if (message.parts.length === 0) return { kind: 'hidden', key, message }
  return { kind: 'message', key, message, joined }
}
/** The same message gives the same row, so that nothing on screen is drawn again because something else arrived. */
const known = { alone: new WeakMap<Message, TimelineRow>(), joined: new WeakMap<Message, TimelineRow>() }
const rowOf = (message: Message, before: Message | undefined): TimelineRow => {
  const joined = isJoined(before, message)
  const rows = joined ? known.joined : known.alone
  const row = rows.get(message) ?? madeRow(message, joined)
  rows.set(message, row)
  return row
}

export const timelineRows = ({ messages, reachedStart, pending, unreadAfter }: RowsInput): TimelineRow[] => {
  const rows: TimelineRow[] = []
  const [first] = messages
  let day = first === undefined || reachedStart ? '' : dayOf(first.createdAt)
  let marked = unreadAfter === null
  const dayLine = (iso: string, key: string): void => {
    if (dayOf(iso) === day) return
    day = dayOf(iso)
    rows.push({ kind: 'day', key: `day:${key}`, iso })
  }
  for (const [index, message] of messages.entries()) {
    dayLine(message.createdAt, keyOf(message))
    const startsUnread = !marked && message.direction === 'inbound' && message.seq > (unreadAfter ?? 0)
    if (startsUnread) {
      rows.push({ kind: 'unread', key: 'unread' })
      marked = true
    }
    rows.push(rowOf(message, startsUnread ? undefined : messages[index - 1]))
  }
  for (const entry of pending) {
    dayLine(entry.createdAt, entry.clientKey)
    const above = rows.at(-1)
    rows.push({ kind: 'pending', key: entry.clientKey, entry, joined: above?.kind === 'pending' && above.entry.kind === entry.kind })
  }
  return rows
}

/** A first guess of a row's height in px, before it is measured. */
export const estimatedHeight = (row: TimelineRow | undefined): number => {
  if (row?.kind === 'hidden') return 0
  if (row === undefined || row.kind === 'day' || row.kind === 'unread' || row.kind === 'system' || row.kind === 'recalled') return 36
  const parts = row.kind === 'message' ? row.message.parts : row.entry.preview
  const text = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0)
  const media = parts.filter((part) => part.type === 'image' || part.type === 'video').length
  const head = row.joined ? 4 : 36
  return head + 18 + Math.max(1, Math.ceil(text / 34)) * 21 + media * 190
}

/** From what is known to the lines of the log, oldest first: pure. */
import type { OutboxEntry } from '../outbox.ts'
import type { ChatState } from '../state.ts'
import type { CustomerMessage } from '../wire.ts'
import { sameDay } from '../words/time.ts'

interface Run {
  /** First of its run: the author's face and name stand here. */
  head: boolean
  /** Last of its run: time and state stand here. */
  foot: boolean
}
export type Row =
  | { kind: 'day'; key: string; date: Date }
  | { kind: 'welcome'; key: string; title: string; text: string }
  | ({ kind: 'message'; key: string; conversationId: string; message: CustomerMessage; read: boolean } & Run)
  | ({ kind: 'local'; key: string; entry: OutboxEntry } & Run)

const RUN_MS = 3 * 60_000

export function rowsOf({ timeline, outbox, session, loaded }: ChatState): Row[] {
  const rows: Row[] = []
  if (loaded && timeline.earlier === null && session?.welcome)
    rows.push({ kind: 'welcome', key: 'welcome', title: session.title, text: session.welcome })
  for (const thread of timeline.threads) {
    const { conversationId, messages } = thread
    const staffReadSeq = readUpTo(timeline.conversation, conversationId)
    for (const message of messages)
      rows.push({
        kind: 'message',
        key: keyOf(message),
        conversationId,
        message,
        read: message.seq <= staffReadSeq,
        head: true,
        foot: true,
      })
  }
  for (const entry of outbox) rows.push({ kind: 'local', key: `k:${entry.clientKey}`, entry, head: true, foot: true })
  return withRuns(withDays(rows))
}

/** Whoever ended an earlier conversation has read it. */
function readUpTo(current: ChatState['timeline']['conversation'], conversationId: string): number {
  return current?.id === conversationId ? current.staffReadSeq : Infinity
}

/** The same for the bubble on its way and for its echo: the one turns into the other in its place. */
const keyOf = (message: CustomerMessage) =>
  message.direction === 'inbound' && message.clientKey ? `k:${message.clientKey}` : `m:${message.id}`

function timeOf(row: Row): Date | null {
  if (row.kind === 'message') return new Date(row.message.createdAt)
  return row.kind === 'local' ? new Date(row.entry.createdAt) : null
}

/** Runs of one voice; system lines stand alone. */
function voiceOf(row: Row): string | null {
  if (row.kind === 'local') return 'me'
  if (row.kind !== 'message' || row.message.direction === 'system' || row.message.recalledAt) return null
  return row.message.direction === 'inbound' ? 'me' : `${row.message.author.kind}:${row.message.author.name}`
}

function withDays(rows: readonly Row[]): Row[] {
  const result: Row[] = []
  let last: Date | null = null
  for (const row of rows) {
    const time = timeOf(row)
    if (time && !(last && sameDay(last, time))) result.push({ kind: 'day', key: `day:${time.toDateString()}:${row.key}`, date: time })
    last = time ?? last
    result.push(row)
  }
  return result
}

function withRuns(rows: readonly Row[]): Row[] {
  return rows.map((row, index) => {
    if (row.kind !== 'message' && row.kind !== 'local') return row
    return {
      ...row,
      head: !joined(rows[index - 1], row),
      foot: !joined(row, rows[index + 1]) || (row.kind === 'local' && row.entry.state !== 'sent'),
    }
  })
}

function joined(a: Row | undefined, b: Row | undefined): boolean {
  if (!a || !b) return false
  const voice = voiceOf(a)
  const [from, to] = [timeOf(a), timeOf(b)]
  return voice !== null && voice === voiceOf(b) && from !== null && to !== null && to.getTime() - from.getTime() < RUN_MS
}

/** An event as large as those that staff receive all day. */
import { randomUUID } from 'node:crypto'
import type { StaffEvent } from '../../contract/realtime.ts'
import { textWith } from './load/message-key.ts'

export function staffEvent(number: number): Extract<StaffEvent, { type: 'message.created' }> {
  const id = randomUUID()
  const now = new Date().toISOString()
  return {
    type: 'message.created',
    id,
    version: number,
    seq: number,
    patch: {
      message: {
        id: randomUUID(),
        conversationId: id,
        seq: number,
        direction: 'inbound',
        author: { kind: 'customer', id: null, name: '王小明', avatarUrl: null },
        parts: [{ type: 'text', text: textWith(String(number)) }],
        delivery: null,
        clientKey: null,
        recalledAt: null,
        occurredAt: now,
        createdAt: now,
        version: 1,
      },
      conversation: { status: 'open', lastSeq: number, unread: 1, lastMessageAt: now, waitingSince: now, staffReadSeq: 0 },
    },
  }
}

/** Lets the sockets drain now and then: what waits in memory is not what is measured. */
export async function publishAll(count: number, publish: (event: StaffEvent) => void): Promise<void> {
  for (let number = 1; number <= count; number++) {
    publish(staffEvent(number))
    if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export function cpuSeconds(): { cpuSeconds: number } {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6 }
}

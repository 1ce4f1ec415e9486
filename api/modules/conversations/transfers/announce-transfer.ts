/** Who is told how a transfer stands: those between whom it goes, who has the conversation open, and who supervises them. */
import type { Ctx } from '../../../core/context.ts'
import { rooms } from '../../../core/realtime/realtime.ts'
import type { ConversationRow } from '../model.ts'
import { overseersOf } from '../oversight/overseers.ts'
import { presentTransfer } from './present.ts'

export async function announceTransfer(ctx: Ctx, row: ConversationRow, transferId: string): Promise<void> {
  const transfer = await presentTransfer(ctx, transferId)
  const people = [transfer.from.id, transfer.by.id, ...(transfer.to.kind === 'agent' ? [transfer.to.id] : [])]
  const overseers = await overseersOf(ctx, people)
  ctx.push({
    namespace: 'staff',
    rooms: [...new Set([...people, ...overseers])].map(rooms.staff).concat(rooms.conversation(row.id), rooms.oversight(row.id)),
    event: { type: 'transfer.updated', id: row.id, version: transfer.version, patch: { transfer } },
  })
}

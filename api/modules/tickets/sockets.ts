/** A ticket that somebody has open: its changes, and who else has it open (two who work on the same thing see each other). */
import { z } from 'zod'
import { staffCommandSchemas } from '../../contract/realtime.ts'
import type { App } from '../../core/app.ts'
import { readOnly, type StaffActor } from '../../core/context.ts'
import { Forbidden } from '../../core/errors.ts'
import { staffCommand } from '../../core/realtime/commands.ts'
import { NAMESPACES, rooms } from '../../core/realtime/realtime.ts'
import { TicketRow } from './model.ts'
import { seesTicket, ticketFor, ticketReach } from './policy.ts'

const PREFIX = rooms.ticket('')
const viewer = z.object({ id: z.uuid(), name: z.string() })

async function announceTicketViewers(app: App, ticketId: string): Promise<void> {
  const room = rooms.ticket(ticketId)
  const sockets = await app.realtime.io.of(NAMESPACES.staff).in(room).fetchSockets()
  const viewers = new Map<string, { id: string; name: string }>()
  for (const socket of sockets) {
    const known = viewer.safeParse(socket.data)
    if (known.success) viewers.set(known.data.id, known.data)
  }
  app.realtime.publish([
    {
      namespace: 'staff',
      rooms: [room],
      event: { type: 'ticket.viewers', id: ticketId, version: 0, patch: { viewers: [...viewers.values()] } },
    },
  ])
}

export async function leftTickets(app: App, _actor: StaffActor, left: readonly string[]): Promise<void> {
  // Still in the room while it says goodbye: the others hear it a moment later.
  await new Promise((resolve) => setImmediate(resolve))
  for (const room of left) if (room.startsWith(PREFIX)) await announceTicketViewers(app, room.slice(PREFIX.length))
}

interface Reader {
  actor: StaffActor
  rooms: readonly string[]
}

/** Who may not see a ticket any more hears nothing more of it, though he left it open (S2): asked every few seconds for the sockets of a process. */
export async function ticketsToLeave(app: App, readers: readonly Reader[]): Promise<readonly (readonly string[])[]> {
  const ids = new Set(readers.flatMap(({ rooms: joined }) => joined.flatMap(ticketIn)))
  if (ids.size === 0) return readers.map(() => [])
  const rows = await TicketRow.query(app.db)
    .findByIds([...ids])
    .select('id', 'assignee_id', 'team_id', 'created_by', 'watcher_ids')
  const known = new Map(rows.map((row) => [row.id, row]))
  return Promise.all(
    readers.map(async ({ actor, rooms: joined }) => {
      const open = joined.flatMap(ticketIn)
      if (open.length === 0) return []
      const reach = await ticketReach(await readOnly(app, actor))
      const sees = (id: string): boolean => {
        const row = known.get(id)
        return row !== undefined && actor.permissions.has('tickets.read') && seesTicket(reach, row)
      }
      return open.filter((id) => !sees(id)).map((id) => rooms.ticket(id))
    }),
  )
}

const ticketIn = (room: string): string[] => (room.startsWith(PREFIX) ? [room.slice(PREFIX.length)] : [])

const watch = staffCommand({
  name: 'ticket.watch',
  automatic: true,
  schema: staffCommandSchemas['ticket.watch'],
  async run(app, session, { ticketId }) {
    if (!session.actor.permissions.has('tickets.read')) throw new Forbidden('forbidden', 'takes tickets.read')
    await ticketFor(await readOnly(app, session.actor), ticketId, 'view')
    await session.join(rooms.ticket(ticketId))
    await announceTicketViewers(app, ticketId)
  },
})

const unwatch = staffCommand({
  name: 'ticket.unwatch',
  automatic: true,
  schema: staffCommandSchemas['ticket.unwatch'],
  async run(app, session, { ticketId }) {
    await session.leave(rooms.ticket(ticketId))
    await announceTicketViewers(app, ticketId)
  },
})

export const ticketCommands = [watch, unwatch]

/** Tickets of the demo, made and moved through the use cases, each at its time. */
import type { App } from '#api/core/app.ts'
import { inTransaction, type StaffActor } from '#api/core/context.ts'
import { TeamRow } from '#api/modules/teams/index.ts'
import { moveByHand, openTicket, relateTickets, TicketTypeRow } from '#api/modules/tickets/index.ts'
import { ticketCreate } from '#api/contract/ticket.ts'
import { type DemoTicket, tickets } from './demo-tickets.ts'

interface Stage {
  app: App
  actorOf(username: string): StaffActor
  at<T>(minutesAgo: number, work: () => Promise<T>): Promise<T>
}

/** After teams and types; the caller sets the clock right again. */
export async function seedTickets(stage: Stage): Promise<void> {
  const { app } = stage
  const types = new Map((await TicketTypeRow.query(app.db).select('id', 'name_zh')).map((row) => [row.name_zh, row.id]))
  const teams = new Map((await TeamRow.query(app.db).select('id', 'name')).map((row) => [row.name, row.id]))
  const made = new Map<string, string>()
  // In the order of time, so that numbers are.
  for (const ticket of [...tickets].sort((a, b) => b.ago - a.ago)) {
    const id = await stage.at(ticket.ago, () =>
      open(stage, ticket, { typeId: types.get(ticket.type), teamId: teams.get(ticket.team ?? '') }),
    )
    made.set(ticket.title, id)
  }
  const moves = tickets.flatMap((ticket) => ticket.moves.map((move) => ({ ticket, move })))
  for (const { ticket, move } of moves.sort((a, b) => b.move.ago - a.move.ago)) {
    const { ago, ...wish } = move
    const actor = stage.actorOf(ticket.assignee ?? ticket.by)
    await stage.at(ago, () => inTransaction(app, actor, (ctx) => moveByHand(ctx, idOf(made, ticket.title), wish)))
  }
  await inTransaction(app, stage.actorOf('supervisor'), (ctx) =>
    relateTickets(ctx, idOf(made, '接口返回 502，影响下单'), { role: 'blocks', ticketId: idOf(made, '新员工账号批量开通') }),
  )
}

function idOf(made: ReadonlyMap<string, string>, title: string): string {
  const id = made.get(title)
  if (id === undefined) throw new Error(`no demo ticket is called ${title}`)
  return id
}

async function open(
  { app, actorOf }: Stage,
  ticket: DemoTicket,
  { typeId, teamId }: { typeId: string | undefined; teamId: string | undefined },
): Promise<string> {
  const body = ticketCreate.parse({
    title: ticket.title,
    description: ticket.description,
    typeId,
    priority: ticket.priority,
    tags: ticket.tags,
    teamId: teamId ?? null,
    assigneeId: ticket.assignee === undefined ? null : actorOf(ticket.assignee).accountId,
  })
  const row = await inTransaction(app, actorOf(ticket.by), (ctx) => openTicket(ctx, body))
  return row.id
}

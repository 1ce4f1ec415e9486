/** Tickets of the demo, made and moved through the use cases, each at its time. */
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import { TeamRow } from '#api/modules/teams/index.ts'
import { CustomerRow } from '#api/modules/customers/index.ts'
import { addFollowUp, moveByHand, openTicket, relateTickets, TicketTypeRow } from '#api/modules/tickets/index.ts'
import { ticketCreate } from '#api/contract/ticket.ts'
import { type DemoMove, type DemoTicket, type DemoWord, tickets } from './demo-tickets.ts'

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
  const customers = new Map((await CustomerRow.query(app.db).select('id', 'name').whereNotNull('name')).map((row) => [row.name, row.id]))
  const made = new Map<string, string>()
  // In the order of time, so that numbers are.
  for (const ticket of [...tickets].sort((a, b) => b.ago - a.ago)) {
    const id = await stage.at(ticket.ago, () =>
      open(stage, ticket, {
        typeId: types.get(ticket.type),
        teamId: teams.get(ticket.team ?? ''),
        customerId: customers.get(ticket.customer ?? ''),
      }),
    )
    made.set(ticket.title, id)
  }
  for (const { ticket, deed } of deedsInTime()) {
    const actor = stage.actorOf(ticket.assignee ?? ticket.by)
    await stage.at(deed.ago, () => inTransaction(app, actor, (ctx) => act(ctx, idOf(made, ticket.title), deed)))
  }
  await inTransaction(app, stage.actorOf('supervisor'), (ctx) =>
    relateTickets(ctx, idOf(made, '接口返回 502，影响下单'), { role: 'blocks', ticketId: idOf(made, '新员工账号批量开通') }),
  )
}

type Deed = DemoMove | DemoWord

const deedsInTime = (): { ticket: DemoTicket; deed: Deed }[] =>
  tickets
    .flatMap((ticket) => [...ticket.moves, ...(ticket.words ?? [])].map((deed) => ({ ticket, deed })))
    .sort((a, b) => b.deed.ago - a.deed.ago)

async function act(ctx: Ctx<StaffActor>, id: string, { ago, ...deed }: Deed): Promise<void> {
  if (!('text' in deed)) return void (await moveByHand(ctx, id, deed))
  const { to: visibility, text } = deed
  await addFollowUp(ctx, id, { clientKey: `demo-${id}-${ago}`, visibility, text, attachmentIds: [], mentions: [] })
}

function idOf(made: ReadonlyMap<string, string>, title: string): string {
  const id = made.get(title)
  if (id === undefined) throw new Error(`no demo ticket is called ${title}`)
  return id
}

async function open(
  { app, actorOf }: Stage,
  ticket: DemoTicket,
  { typeId, teamId, customerId }: Record<'typeId' | 'teamId' | 'customerId', string | undefined>,
): Promise<string> {
  const body = ticketCreate.parse({
    title: ticket.title,
    description: ticket.description,
    typeId,
    priority: ticket.priority,
    tags: ticket.tags,
    teamId: teamId ?? null,
    customerId: customerId ?? null,
    assigneeId: ticket.assignee === undefined ? null : actorOf(ticket.assignee).accountId,
  })
  const row = await inTransaction(app, actorOf(ticket.by), (ctx) => openTicket(ctx, body))
  return row.id
}

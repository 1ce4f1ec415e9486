/** A small house with tickets: an agent in a team, a customer at the page and on WeChat, and tickets between them. */
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { CustomerTicket } from '../../contract/ticket-customer.ts'
import type { TicketEndingSettings } from '../../contract/ticket-ending.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { FollowUp } from '../../contract/ticket-follow-up.ts'
import type { Team } from '../../contract/team.ts'
import { newKey, type OfficialAccount, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

export interface TicketHouse {
  it: TestApp
  admin: StaffClient
  agent: StaffClient
  /** In no team of the house. */
  outsider: StaffClient
  team: Team
  typeId: string
  web: { id: string }
  official: OfficialAccount
}

export async function openTicketHouse(): Promise<TicketHouse> {
  const it = await startTestApp()
  const admin = await it.staff('admin')
  const agent = await it.staff('agent', '林晓')
  const outsider = await it.staff('agent')
  const team = await admin.post<Team>('/teams', { name: unique('售后组') })
  await admin.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  const [type] = await admin.get<{ id: string }[]>('/ticket-types')
  return { it, admin, agent, outsider, team, typeId: type?.id ?? '', web: await it.connectWeb(), official: await it.connectOfficial() }
}

export async function onTheWeb({ it, agent, web }: TicketHouse): Promise<{ customer: WebCustomer; conversationId: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('空调不制冷')
  const conversationId = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${conversationId}/accept`)
  return { customer, conversationId }
}

export async function onWeChat({
  it,
  admin,
  agent,
  official,
}: TicketHouse): Promise<{ customer: SimulatedCustomer; conversationId: string }> {
  const customer = it.follower(official)
  await customer.text('空调不制冷')
  const { id } = await it.conversationOf(admin, customer.openId)
  await agent.post(`/conversations/${id}/accept`)
  return { customer, conversationId: id }
}

/** From the conversation, in the agent's hands. */
export const newTicket = ({ agent, typeId }: TicketHouse, conversationId: string, more: object = {}): Promise<TicketDetail> =>
  agent.post<TicketDetail>('/tickets', {
    title: '空调不制冷',
    typeId,
    from: { conversationId, seqs: [1] },
    assigneeId: agent.me.id,
    ...more,
  })

export const followUp = (client: StaffClient, ticketId: string, more: object = {}): Promise<FollowUp> =>
  client.post<FollowUp>(`/tickets/${ticketId}/follow-ups`, { clientKey: newKey(), visibility: 'customer', text: '师傅明天上门', ...more })

export const moveTo = (client: StaffClient, ticketId: string, to: string, more: object = {}): Promise<TicketDetail> =>
  client.post<TicketDetail>(`/tickets/${ticketId}/moves`, { to, ...more })
export const askToConfirm = (client: StaffClient, ticketId: string): Promise<TicketDetail> =>
  moveTo(client, ticketId, 'awaiting_confirmation', { solution: '更换了滤网' })

export const detail = (client: StaffClient, id: string): Promise<TicketDetail> => client.get<TicketDetail>(`/tickets/${id}`)
export const seenBy = (customer: WebCustomer, id: string): Promise<CustomerTicket> => customer.get<CustomerTicket>(`/web/tickets/${id}`)

/** What the page of the web channel shows of our own words. */
export const toldOn = async (customer: WebCustomer): Promise<string[]> =>
  (await customer.history()).messages.flatMap(({ author, parts: [part] }) =>
    author.kind === 'bot' && part?.type === 'text' ? [part.text] : [],
  )
/** Waits for a line that holds these words. */
export const told = (customer: WebCustomer, words: string): Promise<string> =>
  until(async () => {
    const line = (await toldOn(customer)).find((text) => text.includes(words))
    if (line === undefined) throw new Error(`not told of ${words}`)
    return line
  })
export const textsTo = (customer: SimulatedCustomer): string[] =>
  customer.sent().flatMap(({ content }) => (content.type === 'text' ? [content.text] : []))
/** Waits for it on the phone. */
export const texted = (customer: SimulatedCustomer, words: string): Promise<string> =>
  until(() => {
    const line = textsTo(customer).find((text) => text.includes(words))
    if (line === undefined) throw new Error(`no message about ${words}`)
    return Promise.resolve(line)
  })
export const linkIn = (text: string): string => /\/my-tickets\/([\w.-]+)/.exec(text)?.[1] ?? ''

export async function settle({ admin }: TicketHouse, change: Partial<TicketEndingSettings>): Promise<TicketEndingSettings> {
  const before = await admin.get<TicketEndingSettings>('/ticket-ending-settings')
  return admin.put<TicketEndingSettings>('/ticket-ending-settings', { ...before, ...change })
}

/** Sessions of staff end while time passes. */
export async function travel(house: TicketHouse, ms: number): Promise<void> {
  const { it } = house
  await it.travel(ms)
  for (const name of ['admin', 'agent', 'outsider'] as const) house[name] = await it.logIn(house[name].me.username)
}

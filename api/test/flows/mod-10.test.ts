import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { CustomerTicket, CustomerTicketPage } from '../../contract/ticket-customer.ts'
import type { TicketEnding } from '../../contract/ticket-ending.ts'
import type { Notification } from '../../contract/notification.ts'
import type { Escalation } from '../../contract/sla.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { FollowUp } from '../../contract/ticket-follow-up.ts'
import { newKey } from '../harness.ts'
import { until } from '../until.ts'
import {
  askToConfirm,
  detail,
  followUp,
  linkIn,
  moveTo,
  newTicket,
  onTheWeb,
  onWeChat,
  openTicketHouse,
  seenBy,
  settle,
  texted,
  textsTo,
  type TicketHouse,
  travel,
} from './ticket-house.ts'

let house: TicketHouse
beforeAll(async () => {
  house = await openTicketHouse()
})
afterAll(() => house.it.stop())

const MINUTE = 60_000

async function web(more: object = {}) {
  const { customer, conversationId } = await onTheWeb(house)
  const ticket = await newTicket(house, conversationId, more)
  return { customer, conversationId, ticket }
}
async function wechat() {
  const { customer, conversationId } = await onWeChat(house)
  const ticket = await newTicket(house, conversationId)
  const token = linkIn(await texted(customer, ticket.number))
  return { customer, ticket, token }
}
const form = (more: object = {}) => ({ clientKey: newKey(), title: '空调异响', text: '开机就响', attachmentIds: [], ...more })

describe('MOD-10 his tickets on the page', () => {
  test('MOD-10 he sees his tickets, how they stand and what he was told, and nothing of what staff know among themselves (S22)', async () => {
    const { customer, ticket } = await web({ description: '客户是老赖，慎重', tags: ['难缠'] })
    await followUp(house.agent, ticket.id, { visibility: 'internal', text: '先拖着' })
    await followUp(house.agent, ticket.id, { text: '配件明天到' })
    const { tickets } = await customer.get<CustomerTicketPage>('/web/tickets')
    expect(tickets).toMatchObject([{ id: ticket.id, number: ticket.number, title: '空调不制冷', state: 'in_progress' }])
    const shown = await seenBy(customer, ticket.id)
    expect(shown.steps.map(({ state }) => state)).toEqual(['received', 'in_progress'])
    expect(shown.followUps.map(({ text }) => text)).toEqual(['配件明天到'])
    expect(JSON.stringify(shown)).not.toMatch(/老赖|难缠|先拖着|assignee|team|priority|sla/)
    await moveTo(house.agent, ticket.id, 'on_hold', { reason: '等审批' })
    expect(await seenBy(customer, ticket.id)).toMatchObject({ state: 'in_progress' })
    expect(JSON.stringify(await seenBy(customer, ticket.id))).not.toContain('审批')
  })

  test('S1 somebody else’s ticket is not there, whatever he tries', async () => {
    const { ticket } = await web()
    const stranger = await house.it.webCustomer(house.web.id)
    await stranger.say('你好')
    expect((await stranger.get<CustomerTicketPage>('/web/tickets')).tickets).toEqual([])
    const tries: [string, object?][] = [
      ['follow-ups', { clientKey: newKey(), text: '偷看' }],
      ['urges', {}],
      ['confirmation', {}],
      ['rejection', { reason: 'x' }],
      ['reopening', { reason: 'x' }],
      ['rating', { score: 1 }],
    ]
    await stranger.expectError('GET', `/web/tickets/${ticket.id}`, undefined, 404, 'not_found')
    for (const [at, body] of tries) await stranger.expectError('POST', `/web/tickets/${ticket.id}/${at}`, body, 404, 'not_found')
    expect((await detail(house.agent, ticket.id)).version).toBe(ticket.version)
  })

  test('MOD-10 he adds words and a picture; what waited for him goes on, unread, and his agent is told', async () => {
    const { customer, ticket } = await web()
    await moveTo(house.agent, ticket.id, 'waiting_customer')
    expect((await seenBy(customer, ticket.id)).state).toBe('waiting_for_you')
    const { body: file } = await customer.upload('/web/attachments', { name: '外机.txt', data: '照片' })
    const body = { clientKey: newKey(), text: '外机照片', attachmentIds: [file.data.id] }
    const answers = await Promise.all([1, 2].map(() => customer.ask('POST', `/web/tickets/${ticket.id}/follow-ups`, body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]!.body.data).toMatchObject({
      state: 'in_progress',
      followUps: [{ from: 'me', text: '外机照片', files: [{ name: '外机.txt' }] }],
    })
    expect(await detail(house.agent, ticket.id)).toMatchObject({ status: 'in_progress', seenAt: null })
    const [added] = await house.agent.get<FollowUp[]>(`/tickets/${ticket.id}/follow-ups`)
    expect(added).toMatchObject({ author: { kind: 'customer' }, text: '外机照片' })
    expect((await house.agent.download(added!.files[0]!.url)).data.toString()).toBe('照片')
    expect((await house.outsider.download(added!.files[0]!.url)).status).toBe(404)
    await until(async () => {
      const news = await house.agent.get<Notification[]>('/notifications?limit=100')
      expect(news.filter(({ kind, link }) => kind === 'ticket.customer_spoke' && link === `/tickets/${ticket.id}`)).toHaveLength(1)
    })
    const stolen = { clientKey: newKey(), text: '别人的', attachmentIds: [file.data.id] }
    await customer.expectError('POST', `/web/tickets/${ticket.id}/follow-ups`, stolen, 400, 'attachment_not_ready')
  })

  test('MOD-10 he may urge, not too often; whoever has it hears of it, and it stands on the ticket', async () => {
    const { customer, ticket } = await web()
    const urge = () => customer.ask('POST', `/web/tickets/${ticket.id}/urges`, {})
    const answers = await Promise.all([urge(), urge()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const refused = answers.find(({ status }) => status === 409)!.body.error
    expect(refused.code).toBe('ticket_urged')
    expect(new Date(refused.context.nextAt).getTime()).toBeGreaterThan(house.it.now())
    expect(await detail(house.agent, ticket.id)).toMatchObject({ urges: 1 })
    for (const count of [2, 3]) {
      await travel(house, 61 * MINUTE)
      expect((await urge()).status).toBe(200)
      expect((await detail(house.agent, ticket.id)).urges).toBe(count)
    }
    await travel(house, 61 * MINUTE)
    expect((await urge()).status).toBe(409)
    const history = await house.agent.get<{ kind: string }[]>(`/tickets/${ticket.id}/history`)
    expect(history.filter(({ kind }) => kind === 'urged')).toHaveLength(3)
  })

  test('BP-006.8 urged as often as a level says, it goes there by itself', async () => {
    const levels = async (list: object[]) => {
      const { version } = await house.admin.get<{ version: number }>('/escalation-levels')
      await house.admin.put('/escalation-levels', { levels: list, version })
    }
    await levels([{ name: '二线', teamId: null, accountId: house.outsider.me.id, reopenings: null, urges: 2 }])
    const { customer, ticket } = await web()
    const urge = () => customer.ask('POST', `/web/tickets/${ticket.id}/urges`, {})
    expect((await urge()).status).toBe(200)
    await travel(house, 61 * MINUTE)
    expect(await detail(house.agent, ticket.id)).toMatchObject({ escalationLevel: 0, assignee: { id: house.agent.me.id } })
    expect((await urge()).status).toBe(200)
    await until(async () =>
      expect(await detail(house.admin, ticket.id)).toMatchObject({ escalationLevel: 1, assignee: { id: house.outsider.me.id } }),
    )
    const escalations = await house.admin.get<Escalation[]>(`/tickets/${ticket.id}/escalations`)
    expect(escalations.map(({ rule, by }) => [rule, by])).toEqual([[{ code: 'urged', params: { count: 2 } }, null]])
    await levels([])
  })

  test('BP-005.1 he opens a ticket by the form, with a file; sent twice it is one, and what is not his to choose is refused', async () => {
    const customer = await house.it.webCustomer(house.web.id)
    const { body: file } = await customer.upload('/web/attachments', { name: '录音.txt', data: '嗡嗡' })
    const body = form({ attachmentIds: [file.data.id] })
    const answers = await Promise.all([1, 2, 3].map(() => customer.ask('POST', '/web/tickets', body)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((each) => each.body.data.number)).size).toBe(1)
    const made: CustomerTicket = answers[0]!.body.data
    expect(made).toMatchObject({ title: '空调异响', description: '开机就响', state: 'received', files: [{ name: '录音.txt' }] })
    expect(await house.admin.get<TicketDetail>(`/tickets/${made.id}`)).toMatchObject({
      source: 'customer',
      description: '开机就响',
      createdBy: null,
    })
    await customer.expectError('POST', '/web/tickets', { ...body, text: '别的' }, 409, 'idempotency_mismatch')
    await customer.expectError('POST', '/web/tickets', form({ typeId: house.team.id }), 400, 'ticket_type_disabled')
    await customer.expectError('POST', '/web/tickets', form({ title: ' ' }), 400, 'invalid_request')
    await customer.expectError('POST', '/web/tickets', form({ assigneeId: house.agent.me.id }), 400, 'invalid_request')
    await customer.expectError('POST', '/web/tickets', form({ attachmentIds: [file.data.id] }), 400, 'attachment_not_ready')
    expect((await customer.get<CustomerTicketPage>('/web/tickets')).tickets).toHaveLength(1)
  })
})

describe('MOD-10 from the official account', () => {
  test('MOD-10 the link in the message opens this ticket, where he adds, confirms and rates without signing in', async () => {
    const { ticket, token } = await wechat()
    const browser = house.it.anonymous()
    expect((await browser.get<CustomerTicketPage>(`/my-tickets/${token}`)).tickets).toMatchObject([{ id: ticket.id }])
    const { body: file } = await browser.upload(`/my-tickets/${token}/attachments`, { name: '铭牌.txt', data: 'KFR-35' })
    const added = await browser.ask('POST', `/my-tickets/${token}/${ticket.id}/follow-ups`, {
      clientKey: newKey(),
      text: '铭牌',
      attachmentIds: [file.data.id],
    })
    expect(added.body.data.followUps).toMatchObject([{ from: 'me', text: '铭牌', files: [{ name: '铭牌.txt' }] }])
    await askToConfirm(house.agent, ticket.id)
    expect((await browser.ask('POST', `/my-tickets/${token}/${ticket.id}/confirmation`, {})).body.data).toMatchObject({ state: 'resolved' })
    expect((await browser.ask('POST', `/my-tickets/${token}/${ticket.id}/rating`, { score: 5 })).body.data.rating).toEqual({
      score: 5,
      comment: null,
    })
    const history = await house.agent.get<{ kind: string; actor: { kind: string } | null }[]>(`/tickets/${ticket.id}/history`)
    expect(history.find(({ kind }) => kind === 'rated')?.actor).toMatchObject({ kind: 'customer' })
    await browser.expectError('POST', `/my-tickets/${token}`, form(), 403, 'forbidden')
  })

  test('MOD-10 a ticket that was made by hand for somebody whom a channel knows has a link, too, and he confirms behind it', async () => {
    const { conversationId } = await onTheWeb(house)
    const { customer } = await house.agent.conversation(conversationId)
    const { agent, typeId } = house
    const { id } = await agent.post<TicketDetail>('/tickets', {
      title: '回访约定',
      typeId,
      customerId: customer.id,
      assigneeId: agent.me.id,
    })
    await askToConfirm(agent, id)
    const { customerLink } = await agent.get<TicketEnding>(`/tickets/${id}/ending`)
    const path = `/my-tickets/${linkIn(customerLink ?? '')}`
    const browser = house.it.anonymous()
    expect((await browser.get<CustomerTicketPage>(path)).tickets).toMatchObject([{ id, state: 'please_confirm' }])
    expect((await browser.ask('POST', `${path}/${id}/confirmation`, {})).body.data).toMatchObject({ state: 'resolved' })
  })

  test('S1 S23 a link opens what it was made for: nothing else, not when changed, not when too old', async () => {
    const [mine, other] = [await wechat(), await wechat()]
    const browser = house.it.anonymous()
    await browser.expectError('GET', `/my-tickets/${mine.token}/${other.ticket.id}`, undefined, 404, 'not_found')
    const id = other.ticket.id.replaceAll('-', '')
    const forged = mine.token.replace(/^t[0-9a-f]{32}/, `t${id}`)
    const wider = mine.token.replace(/^t/, 'i')
    for (const token of [forged, wider, 'x', `${mine.token}x`])
      await browser.expectError('GET', `/my-tickets/${token}`, undefined, 404, 'not_found')
    await travel(house, 91 * 86_400_000)
    await browser.expectError('GET', `/my-tickets/${mine.token}`, undefined, 404, 'not_found')
  })

  test('MOD-10 the button in the menu answers with a link to all of his tickets, where he may open another', async () => {
    const { customer, ticket } = await wechat()
    await customer.clickMenu('SOMETHING_ELSE')
    await customer.clickMenu('MY_TICKETS')
    const token = linkIn(await texted(customer, '点这里查看您的工单'))
    const browser = house.it.anonymous()
    const page = await browser.get<CustomerTicketPage>(`/my-tickets/${token}`)
    expect(page.tickets).toMatchObject([{ id: ticket.id }])
    expect(page.form?.types.length).toBeGreaterThan(0)
    const made = await browser.post<CustomerTicket>(`/my-tickets/${token}`, form())
    expect((await browser.get<CustomerTicketPage>(`/my-tickets/${token}`)).tickets.map(({ id }) => id)).toEqual([made.id, ticket.id])
    expect(textsTo(customer).filter((text) => text.includes('点这里查看'))).toHaveLength(1)
    await travel(house, 3 * 86_400_000)
    await browser.expectError('GET', `/my-tickets/${token}`, undefined, 404, 'not_found')
  })

  test('who has none is told so; the key of the button can be another', async () => {
    await settle(house, { menuKey: 'GONGDAN' })
    const { customer } = await onWeChat(house)
    await customer.clickMenu('GONGDAN')
    await texted(customer, '您还没有工单')
    await settle(house, { menuKey: 'MY_TICKETS' })
  })
})

/** From talk to ticket. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { ConsultationSettings, ContactRequest } from '../../contract/consultation.ts'
import type { CustomerTicketPage } from '../../contract/ticket-customer.ts'
import type { KnownValues } from '../../contract/quick-reply.ts'
import type { Ticket, TicketDetail } from '../../contract/ticket.ts'
import { hoursDaysAway, newKey } from '../harness.ts'
import { until } from '../until.ts'
import { moveTo, newTicket, onTheWeb, openTicketHouse, settle, told, type TicketHouse } from './ticket-house.ts'

let house: TicketHouse
beforeAll(async () => {
  house = await openTicketHouse()
})
afterAll(() => house.it.stop())

describe('BP-004.7 a conversation becomes a ticket', () => {
  test('BP-004.7 the chosen messages come along, both find each other, the customer gets the number, and the talk goes on', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const { body: file } = await customer.upload('/web/attachments', { name: '外机.txt', data: '照片' })
    const { seq } = await customer.say([{ type: 'file', attachmentId: file.data.id }])
    await house.agent.reply(conversationId, '我为您登记')
    const ticket = await newTicket(house, conversationId, { from: { conversationId, seqs: [1, seq] } })
    expect(ticket).toMatchObject({ source: 'conversation', conversationId, messages: 2, assignee: { id: house.agent.me.id } })
    expect(ticket.customer?.id).toBe((await house.agent.conversation(conversationId)).customer.id)
    expect(ticket.files).toMatchObject([{ name: '外机.txt' }])
    expect(await told(customer, ticket.number)).toContain('/my-tickets/')
    const lines = (await house.agent.messages(conversationId)).flatMap(({ direction, parts }) => (direction === 'note' ? parts : []))
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'notice', code: 'ticket_created', params: expect.objectContaining({ number: ticket.number }) }),
    )
    expect((await house.agent.get<Ticket[]>(`/tickets?conversationId=${conversationId}`)).map(({ id }) => id)).toEqual([ticket.id])
    expect((await house.agent.conversation(conversationId)).status).toBe('open')
    expect(
      (await customer.history()).messages.every(({ parts: [part] }) => part?.type !== 'notice' || part.code !== 'ticket_created'),
    ).toBe(true)
  })

  test('BP-004.7 its number fills the quick reply: of the conversation’s own ticket, else of the one that is still open', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const known = async (id: string) => (await house.agent.get<KnownValues>(`/quick-replies/values?conversationId=${id}`))['ticket.number']
    expect(await known(conversationId)).toBeUndefined()
    const ticket = await newTicket(house, conversationId)
    expect(await known(conversationId)).toBe(ticket.number)
    await house.agent.post(`/conversations/${conversationId}/close`, { reason: 'resolved', silent: true })
    await customer.say('我的工单怎么样了')
    const next = (await customer.history()).conversation?.id ?? ''
    expect(next).not.toBe(conversationId)
    await house.agent.post(`/conversations/${next}/accept`)
    expect(await known(next)).toBe(ticket.number)
    await moveTo(house.agent, ticket.id, 'resolved', { solution: '好了' })
    expect(await known(next)).toBeUndefined()
  })

  test('whoever may not write to the conversation makes no ticket of it', async () => {
    const { conversationId } = await onTheWeb(house)
    const body = { title: '偷来的', typeId: house.typeId, from: { conversationId, seqs: [1] } }
    await house.outsider.expectError('POST', '/tickets', body, 404, 'not_found')
    expect(await house.admin.get<Ticket[]>(`/tickets?conversationId=${conversationId}`)).toEqual([])
  })
})

describe('BP-005.1 what is left outside working hours', () => {
  async function late() {
    const calendar = await house.admin.post<Calendar>('/calendars', { name: newKey(), timeZone: 'Asia/Shanghai', weekly: hoursDaysAway() })
    const team = await house.admin.post<{ id: string }>('/teams', { name: newKey(), calendarId: calendar.id })
    await house.admin.put(`/teams/${team.id}/members/${house.agent.me.id}`, { role: 'agent' })
    const account = await house.it.connectWeb()
    const { rules, version } = await house.admin.get<ConsultationSettings>(`/consultation/settings/${account.id}`)
    await house.admin.put(`/consultation/settings/${account.id}`, { rules: { ...rules, teamId: team.id }, texts: {}, version })
    const customer = await house.it.webCustomer(account.id)
    await customer.say('有人吗')
    const conversationId = (await customer.history()).conversation?.id ?? ''
    const form = { conversationId, clientKey: newKey(), text: '想了解维保价格\n三台空调', name: '赵敏', contact: '13800138000' }
    return { customer, form, team, conversationId }
  }
  const requestOf = (conversationId: string) =>
    until(async () => {
      const found = (await house.agent.get<ContactRequest[]>('/contact-requests')).find((one) => one.conversationId === conversationId)
      if (!found) throw new Error('no request yet')
      return found
    })

  test('BP-005.1 becomes a ticket of the team at once, once, without his address in it; he finds it on his page', async () => {
    const { customer, form, team, conversationId } = await late()
    await Promise.all([1, 2, 3].map(() => customer.ask('POST', '/web/off-hours', form)))
    const { ticketId } = await requestOf(conversationId)
    const ticket = await house.agent.get<TicketDetail>(`/tickets/${ticketId ?? ''}`)
    expect(ticket).toMatchObject({ source: 'off_hours', title: '想了解维保价格', team: { id: team.id }, conversationId, messages: 1 })
    expect(JSON.stringify(ticket)).not.toContain('13800138000')
    const { tickets } = await customer.get<CustomerTicketPage>('/web/tickets')
    expect(tickets).toMatchObject([{ id: ticket.id, state: 'received' }])
  })

  test('where the house does not want it, it stays a request', async () => {
    await settle(house, { offHoursTickets: false })
    const { customer, form, conversationId } = await late()
    await customer.post('/web/off-hours', form)
    expect(await requestOf(conversationId)).toMatchObject({ ticketId: null })
    expect((await customer.get<CustomerTicketPage>('/web/tickets')).tickets).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { CustomerTicketPage } from '../../contract/ticket-customer.ts'
import type { TicketLink } from '../../contract/ticket-linking.ts'
import type { Notification } from '../../contract/notification.ts'
import type { TicketEvent } from '../../contract/ticket-history.ts'
import type { ChecklistItem, FollowUp } from '../../contract/ticket-follow-up.ts'
import { newKey } from '../harness.ts'
import { until } from '../until.ts'
import {
  askToConfirm,
  detail,
  followUp,
  moveTo,
  newTicket,
  onTheWeb,
  onWeChat,
  openTicketHouse,
  seenBy,
  texted,
  textsTo,
  told,
  toldOn,
  travel,
  type TicketHouse,
} from './ticket-house.ts'

let house: TicketHouse
beforeAll(async () => {
  house = await openTicketHouse()
})
afterAll(() => house.it.stop())

const followUps = (id: string, query = '', by = house.agent) => by.get<FollowUp[]>(`/tickets/${id}/follow-ups${query}`)

describe('BP-006.5 follow-ups', () => {
  test('BP-006.5 S22 what is noted among staff stays among staff', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    const { body: file } = await house.agent.upload('/attachments', { name: '内部.txt', data: '进价' })
    const noted = await followUp(house.agent, ticket.id, { visibility: 'internal', text: '客户脾气急', attachmentIds: [file.data.id] })
    expect(noted).toMatchObject({ visibility: 'internal', author: { kind: 'staff', name: '林晓' }, delivery: null })
    expect(noted.files).toMatchObject([{ name: '内部.txt' }])
    expect(await seenBy(customer, ticket.id)).toMatchObject({ followUps: [], files: [], solution: null })
    expect(JSON.stringify(await seenBy(customer, ticket.id))).not.toMatch(/脾气|内部/)
    expect((await toldOn(customer)).join()).not.toContain('脾气')
    expect((await followUps(ticket.id, '?visibility=customer')).length).toBe(0)
  })

  test('BP-006.5 what is for the customer reaches him in his channel, with its files, and stands on his page', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    const { body: file } = await house.agent.upload('/attachments', { name: '说明.txt', data: '先断电' })
    const said = await followUp(house.agent, ticket.id, { text: '请先断电', attachmentIds: [file.data.id] })
    expect(said.delivery).toMatchObject({ state: 'sent', conversationId, reason: null })
    expect(await told(customer, '请先断电')).toContain(ticket.number)
    const shown = (await customer.history()).messages.flatMap(({ parts }) => parts).find((part) => part.type === 'file')
    expect((await customer.download(shown && 'media' in shown ? (shown.media.url ?? '') : '')).data.toString()).toBe('先断电')
    const [word] = (await seenBy(customer, ticket.id)).followUps
    expect(word).toMatchObject({ from: 'service', name: '林晓', text: '请先断电', files: [{ name: '说明.txt' }] })
    expect((await customer.download(word?.files[0]?.url ?? '')).data.toString()).toBe('先断电')
    expect((await detail(house.agent, ticket.id)).firstRepliedAt).not.toBeNull()
  })

  test('BP-006.5 on an official account it goes through the window; closed, it waits on the page and the agent is told why', async () => {
    const { customer, conversationId } = await onWeChat(house)
    const ticket = await newTicket(house, conversationId)
    await followUp(house.agent, ticket.id, { text: '配件已到' })
    expect(await texted(customer, '配件已到')).toContain('/my-tickets/')
    await travel(house, 49 * 3_600_000)
    const late = await followUp(house.agent, ticket.id, { text: '周五上门' })
    expect(late.delivery).toEqual({ state: 'page_only', conversationId: null, message: null, reason: 'reply_window_closed' })
    expect(textsTo(customer).join()).not.toContain('周五上门')
  })

  test('a closed conversation stays closed when its customer hears of his ticket', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    await house.agent.post(`/conversations/${conversationId}/close`, { reason: 'resolved', silent: true })
    await followUp(house.agent, ticket.id, { text: '已安排' })
    await told(customer, '已安排')
    expect((await house.agent.conversation(conversationId)).status).toBe('closed')
  })

  test('the same key is one follow-up and one message, also for two at once; other words under it are refused', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    const body = { clientKey: newKey(), visibility: 'customer', text: '今天会有人联系您' }
    const path = `/tickets/${ticket.id}/follow-ups`
    const answers = await Promise.all([1, 2, 3].map(() => house.agent.ask('POST', path, body)))
    expect(new Set(answers.map(({ body: { data } }) => data.id)).size).toBe(1)
    await told(customer, '今天会有人联系您')
    expect((await toldOn(customer)).filter((text) => text.includes('今天会有人联系您'))).toHaveLength(1)
    await house.agent.expectError('POST', path, { ...body, text: '别的' }, 409, 'idempotency_mismatch')
    await house.admin.expectError('POST', path, body, 409, 'idempotency_mismatch')
  })

  test('whoever is mentioned is told, and sees the ticket from then on; strangers are refused and nothing is written', async () => {
    const { conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId, { teamId: house.team.id })
    await house.outsider.expectError('GET', `/tickets/${ticket.id}`, undefined, 404, 'not_found')
    await house.outsider.expectError(
      'POST',
      `/tickets/${ticket.id}/follow-ups`,
      { clientKey: newKey(), visibility: 'internal', text: 'x' },
      404,
      'not_found',
    )
    const unknown = { clientKey: newKey(), visibility: 'internal', text: '@谁', mentions: [house.team.id] }
    await house.agent.expectError('POST', `/tickets/${ticket.id}/follow-ups`, unknown, 400, 'mention_unknown')
    expect(await followUps(ticket.id)).toEqual([])
    const noted = await followUp(house.agent, ticket.id, { visibility: 'internal', text: '请看一下', mentions: [house.outsider.me.id] })
    expect(noted.mentions.map(({ id }) => id)).toEqual([house.outsider.me.id])
    await until(async () => {
      const news = await house.outsider.get<Notification[]>('/notifications')
      expect(news.find(({ kind }) => kind === 'ticket.mentioned')).toMatchObject({
        params: { number: ticket.number },
        link: `/tickets/${ticket.id}`,
      })
    })
    expect((await followUps(ticket.id, '', house.outsider)).map(({ id }) => id)).toEqual([noted.id])
  })

  test('each stands in the history with who wrote it', async () => {
    const { conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    const noted = await followUp(house.agent, ticket.id, { visibility: 'internal' })
    const history = await house.agent.get<TicketEvent[]>(`/tickets/${ticket.id}/history`)
    expect(history[0]).toMatchObject({
      kind: 'followed_up',
      actor: { id: house.agent.me.id },
      params: { followUpId: noted.id, visibility: 'internal' },
    })
  })

  test.each([
    ['blank words', { text: ' \n' }],
    ['too many words', { text: 'x'.repeat(10_001) }],
    ['a visibility that is none', { visibility: 'everybody' }],
    ['too many files', { attachmentIds: Array.from({ length: 10 }, () => '01930000-0000-7000-8000-0000000000a1') }],
    ['an unknown key', { authorId: '01930000-0000-7000-8000-0000000000a1' }],
  ])('%s is refused', async (_, more) => {
    const { conversationId } = await onTheWeb(house)
    const { id } = await newTicket(house, conversationId)
    await house.agent.expectError(
      'POST',
      `/tickets/${id}/follow-ups`,
      { clientKey: newKey(), visibility: 'internal', text: '好', ...more },
      400,
      'invalid_request',
    )
  })

  test('a ticket without a customer has nobody to tell', async () => {
    const { id } = await house.agent.post<{ id: string }>('/tickets', {
      title: '换灯管',
      typeId: house.typeId,
      assigneeId: house.agent.me.id,
    })
    await house.agent.expectError(
      'POST',
      `/tickets/${id}/follow-ups`,
      { clientKey: newKey(), visibility: 'customer', text: '好' },
      409,
      'ticket_without_customer',
    )
    expect(await followUps(id)).toEqual([])
  })
})

describe('BP-006.9 merging and splitting, as the customer hears of it', () => {
  test('BP-006.9 merged, parted, split and joined again: he is told of the new number alone, and reads one ticket wherever his link leads', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const [one, two] = [await newTicket(house, conversationId), await newTicket(house, conversationId)]
    for (const { number } of [one, two]) await told(customer, number)
    await followUp(house.agent, one.id, { text: '第一单的话' })
    const version = async (id: string) => (await detail(house.agent, id)).version
    const merge = { intoId: two.id, version: await version(one.id) }
    const merged = await house.agent.post<TicketLink>(`/tickets/${one.id}/merge`, merge)
    const joined = await seenBy(customer, one.id)
    expect(joined).toMatchObject({ id: two.id, state: 'in_progress', followUps: [{ text: '第一单的话' }] })
    await house.agent.post(`/ticket-links/${merged.id}/undo`)
    expect(await seenBy(customer, one.id)).toMatchObject({ id: one.id, state: 'in_progress', followUps: [{ text: '第一单的话' }] })
    const [said] = await followUps(one.id)
    const split = { title: '另一台', followUpIds: [said!.id], version: await version(one.id) }
    const parted = await house.agent.post<TicketLink>(`/tickets/${one.id}/split`, split)
    await told(customer, parted.into.number)
    expect(await seenBy(customer, parted.into.id)).toMatchObject({ title: '另一台', followUps: [{ text: '第一单的话' }] })
    await house.agent.post(`/ticket-links/${parted.id}/undo`)
    const back = await seenBy(customer, parted.into.id)
    expect(back).toMatchObject({ id: one.id, followUps: [{ text: '第一单的话' }], may: { reopen: false, rate: false } })
    expect((await customer.get<CustomerTicketPage>('/web/tickets')).tickets.map(({ id }) => id)).toEqual([two.id, one.id])
    // The listener that would tell of an end has come past all of this when it tells of this one.
    await moveTo(house.agent, two.id, 'resolved', { solution: '换了滤网' })
    await told(customer, '已解决')
    const lines = await toldOn(customer)
    const about = (number: string) => lines.filter((text) => text.includes(number)).length
    // Made; made and what was said to him; made and solved.
    expect([about(parted.into.number), about(one.number), about(two.number)]).toEqual([1, 2, 2])
  })

  test('BP-006.9 merged while he is asked whether it is solved: he is asked no more, told nothing of it, and his old link answers for the one that goes on', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const [one, two] = [await newTicket(house, conversationId), await newTicket(house, conversationId)]
    const asked = await askToConfirm(house.agent, one.id)
    await told(customer, '更换了滤网')
    await house.agent.post(`/tickets/${one.id}/merge`, { intoId: two.id, version: asked.version })
    await customer.expectError('POST', `/web/tickets/${one.id}/confirmation`, {}, 409, 'ticket_not_awaiting')
    await moveTo(house.agent, two.id, 'resolved', { solution: '换了滤网' })
    await told(customer, '已解决')
    const lines = await toldOn(customer)
    const about = (number: string) => lines.filter((text) => text.includes(number)).length
    // Made and asked; made and solved.
    expect([about(one.number), about(two.number)]).toEqual([2, 2])
  })

  test('a ticket of somebody is not merged into one of nobody, nor into somebody else’s', async () => {
    const [mine, other] = [await onTheWeb(house), await onTheWeb(house)]
    const ticket = await newTicket(house, mine.conversationId)
    const foreign = await newTicket(house, other.conversationId)
    const nobodys = await house.agent.post<{ id: string; version: number }>('/tickets', {
      title: '换灯管',
      typeId: house.typeId,
      assigneeId: house.agent.me.id,
    })
    const merge = (id: string, intoId: string, version: number) => [`/tickets/${id}/merge`, { intoId, version }] as const
    await house.agent.expectError('POST', ...merge(ticket.id, nobodys.id, ticket.version), 409, 'ticket_without_customer')
    await house.agent.expectError('POST', ...merge(ticket.id, foreign.id, ticket.version), 409, 'different_customers')
    expect((await house.agent.ask('POST', ...merge(nobodys.id, ticket.id, nobodys.version))).status).toBe(201)
  })
})

describe('BP-006.5 who watches', () => {
  test('BP-006.1 whoever watches hears whose it is, where it stands and what the customer was told: not who did it, not of notes, each once', async () => {
    const { customer, conversationId } = await onTheWeb(house)
    const ticket = await newTicket(house, conversationId)
    const watcher = await house.it.staff('agent', '周观')
    await house.agent.post(`/tickets/${ticket.id}/watchers`, { accountIds: [watcher.me.id, house.agent.me.id] })
    await followUp(house.agent, ticket.id, { visibility: 'internal', text: '内部备注' })
    await followUp(house.agent, ticket.id)
    await customer.post(`/web/tickets/${ticket.id}/follow-ups`, { clientKey: newKey(), text: '好的' })
    await house.admin.post(`/tickets/${ticket.id}/moves`, { to: 'on_hold', reason: '等配件' })
    const assign = (to: object) => house.admin.post('/tickets/assignments', { items: [{ id: ticket.id }], to })
    await assign({ kind: 'team', teamId: house.team.id })
    await assign({ kind: 'agent', accountId: house.agent.me.id })
    const heard = async (by: typeof watcher) =>
      (await by.get<Notification[]>('/notifications?limit=100')).filter(({ link }) => link === `/tickets/${ticket.id}`)
    const kindsOf = async (by: typeof watcher) => (await heard(by)).map(({ kind }) => kind).sort()
    const both = ['ticket.customer_spoke', 'ticket.watched_moved', 'ticket.watched_returned']
    await until(async () =>
      expect(await kindsOf(watcher)).toEqual([...both, 'ticket.watched_assigned', 'ticket.watched_replied', 'ticket.watching'].sort()),
    )
    await until(async () => expect(await kindsOf(house.agent)).toEqual([...both, 'ticket.handed'].sort()))
    const told = await heard(watcher)
    const params = (kind: string) => told.find((each) => each.kind === kind)?.params
    expect(params('ticket.watched_assigned')).toMatchObject({ number: ticket.number, name: house.agent.me.name })
    expect(params('ticket.watched_moved')).toMatchObject({ status: 'on_hold' })
  })
})

describe('BP-006.5 checklists', () => {
  test('BP-006.5 items are added, ticked off by name, put in order and taken away; who looked at an older one is told', async () => {
    const { id } = await house.agent.post<{ id: string }>('/tickets', {
      title: '换灯管',
      typeId: house.typeId,
      assigneeId: house.agent.me.id,
    })
    const path = `/tickets/${id}/checklist`
    const [first, second, third] = await house.agent.post<ChecklistItem[]>(path, { texts: ['买灯管', '断电', '更换'] })
    const ticked = await house.agent.patch<ChecklistItem[]>(`/ticket-checklist-items/${first!.id}`, { done: true, version: 1 })
    expect(ticked[0]).toMatchObject({ text: '买灯管', done: true, doneBy: { name: '林晓' }, version: 2 })
    await house.agent.expectError('PATCH', `/ticket-checklist-items/${first!.id}`, { done: false, version: 1 }, 409, 'version_conflict')
    const ordered = await house.agent.put<ChecklistItem[]>(`${path}/order`, { ids: [third!.id, first!.id, second!.id] })
    expect(ordered.map(({ text }) => text)).toEqual(['更换', '买灯管', '断电'])
    await house.agent.expectError('PUT', `${path}/order`, { ids: [first!.id] }, 400, 'invalid_request')
    const left = await house.agent.ask('DELETE', `/ticket-checklist-items/${second!.id}?version=1`)
    expect(left.body.data).toHaveLength(2)
    const many = Array.from({ length: 20 }, (_, index) => `第 ${index} 项`)
    await house.agent.post(path, { texts: many })
    await house.agent.post(path, { texts: many })
    await house.agent.expectError('POST', path, { texts: many }, 409, 'checklist_full')
    await house.outsider.expectError('GET', path, undefined, 404, 'not_found')
    await house.outsider.expectError('PATCH', `/ticket-checklist-items/${first!.id}`, { done: false, version: 2 }, 404, 'not_found')
  })
})

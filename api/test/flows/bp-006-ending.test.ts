import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Calendar } from '../../contract/calendar.ts'
import type { ArticleDraft } from '../../contract/knowledge.ts'
import type { Notification } from '../../contract/notification.ts'
import type { TicketEnding } from '../../contract/ticket-ending.ts'
import type { TicketRatingItem, TicketRatingSummary } from '../../contract/ticket-rating.ts'
import { closeUnanswered } from '../../modules/tickets/ending/close-unanswered.ts'
import { until } from '../until.ts'
import {
  askToConfirm,
  detail,
  moveTo,
  newTicket,
  onTheWeb,
  openTicketHouse,
  seenBy,
  settle,
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

const DAY = 86_400_000
const ending = (id: string) => house.agent.get<TicketEnding>(`/tickets/${id}/ending`)
const statusOf = async (id: string) => (await detail(house.agent, id)).status
async function waiting() {
  const { customer, conversationId } = await onTheWeb(house)
  const ticket = await newTicket(house, conversationId)
  await askToConfirm(house.agent, ticket.id)
  return {
    customer,
    id: ticket.id,
    number: ticket.number,
    post: (at: string, body: object = {}) => customer.ask('POST', `/web/tickets/${ticket.id}/${at}`, body),
  }
}
const news = (kind: string) =>
  until(async () => {
    const found = (await house.agent.get<Notification[]>('/notifications?limit=100')).find((one) => one.kind === kind)
    if (!found) throw new Error(`no ${kind}`)
    return found
  })

describe('BP-006.9 the customer’s word', () => {
  test('BP-006.9 he is asked with what was done; twice "solved" at once is once, and the agent hears of it', async () => {
    const { customer, id, number, post } = await waiting()
    expect(await told(customer, '更换了滤网')).toContain(number)
    await until(async () => expect((await ending(id)).confirmation).toMatchObject({ state: 'open', untold: null }))
    expect(await seenBy(customer, id)).toMatchObject({
      state: 'please_confirm',
      solution: '更换了滤网',
      may: { confirm: true, urge: false },
    })
    const answers = await Promise.all([post('confirmation'), post('confirmation')])
    expect(answers.map(({ status, body }) => [status, body.data?.state])).toEqual([
      [200, 'resolved'],
      [200, 'resolved'],
    ])
    expect((await ending(id)).confirmation).toMatchObject({ state: 'confirmed' })
    expect((await news('ticket.confirmed')).params).toMatchObject({ number })
    const lines = await house.agent.get<{ kind: string; after: { status?: string } }[]>(`/tickets/${id}/history`)
    expect(lines.filter(({ kind, after }) => kind === 'moved' && after.status === 'resolved')).toHaveLength(1)
  })

  test('BP-006.9 "not solved" takes a reason and goes back to who had it; after that there is nothing to confirm', async () => {
    const { id, post } = await waiting()
    expect((await post('rejection', { reason: ' ' })).status).toBe(400)
    const { body } = await post('rejection', { reason: '又不制冷了' })
    expect(body.data).toMatchObject({ state: 'in_progress', solution: null })
    expect(await detail(house.agent, id)).toMatchObject({ status: 'in_progress', assignee: { id: house.agent.me.id } })
    expect((await ending(id)).confirmation).toMatchObject({ state: 'rejected', reason: '又不制冷了' })
    await news('ticket.rejected')
    expect((await post('confirmation')).body.error.code).toBe('ticket_not_awaiting')
    expect((await post('rejection', { reason: '再说一次' })).body.error.code).toBe('ticket_not_awaiting')
  })

  test('BP-006.9 who talks with us in English is asked in English, and the page behind the link speaks it, too', async () => {
    const customer = await house.it.webCustomer(house.web.id, { locale: 'en' })
    await customer.say('It does not cool')
    const conversationId = (await customer.history()).conversation?.id ?? ''
    await house.agent.post(`/conversations/${conversationId}/accept`)
    const { id, number } = await newTicket(house, conversationId)
    await askToConfirm(house.agent, id)
    const asked = await told(customer, 'Please tell us whether it is solved')
    expect(asked).toContain(`Ticket ${number}`)
    expect(asked).toMatch(/\/my-tickets\/[\w.-]+\?lang=en$/)
    expect((await toldOn(customer)).join()).not.toMatch(/工单|确认/)
  })

  test('what he is asked to confirm is not taken away meanwhile', async () => {
    const { id, post } = await waiting()
    const { version } = await detail(house.agent, id)
    await house.agent.expectError('PUT', `/tickets/${id}/solution`, { solution: null, version }, 400, 'ticket_fields_missing')
    expect((await post('confirmation')).status).toBe(200)
  })

  test('confirming and rejecting at once: one of them counts', async () => {
    const { id, post } = await waiting()
    const answers = await Promise.all([post('confirmation'), post('rejection', { reason: '没好' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(['resolved', 'in_progress']).toContain(await statusOf(id))
  })

  test('what staff take up again is not asked any more', async () => {
    const { id, post } = await waiting()
    await moveTo(house.agent, id, 'in_progress')
    expect((await ending(id)).confirmation).toMatchObject({ state: 'withdrawn' })
    expect((await post('confirmation')).status).toBe(409)
  })
})

describe('BP-006.9 closing by itself', () => {
  test('BP-006.9 after the working days, with a word before; weekends and holidays, also those added afterwards, do not count', async () => {
    const weekly = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
    const calendar = await house.admin.post<Calendar>('/calendars', { name: '全年', timeZone: 'Asia/Shanghai', weekly })
    const team = await house.admin.get<{ version: number }>(`/teams/${house.team.id}`)
    await house.admin.patch(`/teams/${house.team.id}`, { calendarId: calendar.id, version: team.version })
    await settle(house, { autoCloseDays: 3, noticeDays: 1 })
    const { customer, conversationId } = await onTheWeb(house)
    const { id } = await newTicket(house, conversationId, { teamId: house.team.id })
    await askToConfirm(house.agent, id)
    const day = (days: number) => new Date(house.it.now() + days * DAY + 8 * 3_600_000).toISOString().slice(0, 10)
    await house.admin.post(`/calendars/${calendar.id}/days`, {
      set: [{ day: day(1), kind: 'holiday', name: '放假', periods: null }],
      version: calendar.version,
    })
    await travel(house, 2 * DAY + 3_600_000)
    expect(await statusOf(id)).toBe('awaiting_confirmation')
    await travel(house, DAY)
    await told(customer, '还在等您确认')
    expect(await statusOf(id)).toBe('awaiting_confirmation')
    await travel(house, DAY)
    await until(async () => expect(await statusOf(id)).toBe('closed'))
    expect((await ending(id)).confirmation).toMatchObject({ state: 'closed' })
    await told(customer, '已自动关闭')
    expect((await toldOn(customer)).filter((text) => text.includes('还在等您确认'))).toHaveLength(1)
  })

  test('BP-006.9 a holiday that is added after the reminder moves the end, and the customer reads the new day', async () => {
    const weekly = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
    const calendar = await house.admin.post<Calendar>('/calendars', { name: '全年无休', timeZone: 'Asia/Shanghai', weekly })
    const team = await house.admin.get<{ version: number }>(`/teams/${house.team.id}`)
    await house.admin.patch(`/teams/${house.team.id}`, { calendarId: calendar.id, version: team.version })
    const { customer, conversationId } = await onTheWeb(house)
    const { id } = await newTicket(house, conversationId, { teamId: house.team.id })
    await askToConfirm(house.agent, id)
    await travel(house, 2 * DAY + 3_600_000)
    await told(customer, '还在等您确认')
    const closesAt = async () => Date.parse((await seenBy(customer, id)).closesAt ?? '')
    const before = await closesAt()
    const tomorrow = new Date(house.it.now() + DAY + 8 * 3_600_000).toISOString().slice(0, 10)
    await house.admin.post(`/calendars/${calendar.id}/days`, {
      set: [{ day: tomorrow, kind: 'holiday', name: '放假', periods: null }],
      version: calendar.version,
    })
    await until(async () => expect((await closesAt()) - before).toBe(DAY))
    await travel(house, DAY)
    await closeUnanswered(house.it.process.app)
    expect(await statusOf(id)).toBe('awaiting_confirmation')
    await travel(house, DAY)
    await until(async () => expect(await statusOf(id)).toBe('closed'))
  })

  test('what is solved closes without a word; with 0 days nothing closes', async () => {
    const { id, post } = await waiting()
    await post('confirmation')
    await settle(house, { autoCloseDays: 0, noticeDays: 0 })
    const kept = await waiting()
    await kept.post('confirmation')
    await travel(house, 10 * DAY)
    await until(async () => expect(await statusOf(id)).toBe('closed'))
    expect(await statusOf(kept.id)).toBe('resolved')
    await settle(house, { autoCloseDays: 3, noticeDays: 1 })
  })
})

describe('BP-006.9 reopening and rating', () => {
  test('BP-006.9 within the window he may reopen it, with a reason; after it he may not (S24)', async () => {
    const { customer, id, post } = await waiting()
    await post('confirmation')
    expect((await seenBy(customer, id)).may).toMatchObject({ reopen: true, add: false })
    expect((await post('follow-ups', { clientKey: 'after-the-end', text: '还有' })).body.error.code).toBe('ticket_over')
    expect((await post('reopening', { reason: '又坏了' })).body.data).toMatchObject({ state: 'in_progress' })
    expect(await detail(house.agent, id)).toMatchObject({ status: 'in_progress', reopenedCount: 1, assignee: { id: house.agent.me.id } })
    expect((await post('reopening', { reason: '再来' })).body.error.code).toBe('ticket_not_ended')
    await askToConfirm(house.agent, id)
    await post('confirmation')
    await travel(house, 30 * DAY)
    expect((await post('reopening', { reason: '太晚' })).body.error.code).toBe('ticket_reopen_over')
  })

  test('BP-006.9 he rates it once for each time it ended; a low one is told', async () => {
    const { id, post } = await waiting()
    expect((await post('rating', { score: 5 })).body.error.code).toBe('ticket_not_ended')
    await post('confirmation')
    expect((await post('rating', { score: 6 })).status).toBe(400)
    const answers = await Promise.all([post('rating', { score: 2, comment: '太慢' }), post('rating', { score: 5 })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { rating } = await ending(id)
    expect(rating?.agent?.id).toBe(house.agent.me.id)
    if (rating?.score === 2) await news('ticket.rated_low')
    await post('reopening', { reason: '又坏了' })
    await askToConfirm(house.agent, id)
    await post('confirmation')
    expect((await post('rating', { score: 4 })).body.data.rating).toEqual({ score: 4, comment: null })
  })

  test('MOD-10 those who answer for it read the ratings and their averages by person and team; others see their own, or nothing', async () => {
    const query = `agentId=${house.agent.me.id}`
    const listed = await house.admin.get<TicketRatingItem[]>(`/ticket-ratings?${query}`)
    const sum = listed.reduce((total, { score }) => total + score, 0)
    expect(listed.length).toBeGreaterThan(1)
    expect(listed[0]).toMatchObject({
      score: 4,
      comment: null,
      agent: { id: house.agent.me.id, name: '林晓' },
      ticket: { title: '空调不制冷' },
    })
    const summary = await house.admin.get<TicketRatingSummary>(`/ticket-ratings/summary?${query}`)
    expect(summary).toMatchObject({ count: listed.length, byAgent: [{ of: { id: house.agent.me.id }, count: listed.length }] })
    expect(summary.average).toBeCloseTo(sum / listed.length)
    expect(summary.low).toBe(listed.filter(({ score }) => score <= 2).length)
    const high = await house.admin.get<TicketRatingItem[]>(`/ticket-ratings?${query}&least=4`)
    expect(high.map(({ id }) => id)).toEqual(listed.filter(({ score }) => score >= 4).map(({ id }) => id))
    const pages = [await house.admin.ask('GET', `/ticket-ratings?${query}&limit=1`)]
    pages.push(await house.admin.ask('GET', `/ticket-ratings?${query}&limit=1&cursor=${pages[0]!.body.nextCursor}`))
    expect(pages.map(({ body }) => body.data[0].id)).toEqual(listed.slice(0, 2).map(({ id }) => id))
    const supervisor = await house.it.staff('supervisor')
    expect(await supervisor.get(`/ticket-ratings?${query}`)).toEqual([])
    expect(await supervisor.get(`/ticket-ratings/summary?${query}`)).toMatchObject({ count: 0, average: null })
    await house.agent.expectError('GET', '/ticket-ratings', undefined, 403, 'forbidden')
    await house.admin.expectError('GET', '/ticket-ratings?least=9', undefined, 400, 'invalid_request')
  })
})

describe('BP-006.10 what was learnt', () => {
  test('BP-006.10 the solution becomes one article draft, however often it is asked for, and the draft lives on', async () => {
    const { id } = await waiting()
    const [first, again] = await Promise.all([1, 2].map(() => house.agent.post<ArticleDraft>(`/tickets/${id}/article-draft`, {})))
    expect(again!.id).toBe(first!.id)
    expect(first).toMatchObject({ title: '空调不制冷', source: { kind: 'ticket', id } })
    expect(first!.body).toContain('更换了滤网')
    expect((await ending(id)).article).toEqual({ id: first!.id, title: '空调不制冷' })
    const changed = await house.agent.patch<ArticleDraft>(`/knowledge/drafts/${first!.id}`, { title: '空调不制冷怎么办', version: 1 })
    expect(changed).toMatchObject({ title: '空调不制冷怎么办', version: 2 })
    await house.agent.expectError('PATCH', `/knowledge/drafts/${first!.id}`, { title: '迟到', version: 1 }, 409, 'version_conflict')
    expect((await house.agent.get<{ id: string }[]>(`/knowledge/drafts?q=${encodeURIComponent('怎么办')}`)).map((one) => one.id)).toEqual([
      first!.id,
    ])
    expect(await house.agent.post<ArticleDraft>(`/tickets/${id}/article-draft`, {})).toMatchObject({ title: '空调不制冷怎么办' })
    expect((await house.agent.ask('DELETE', `/knowledge/drafts/${first!.id}?version=2`)).status).toBe(200)
    expect((await ending(id)).article).toBeNull()
  })

  test('without a solution there is nothing to learn; whoever does not see the ticket learns nothing of it', async () => {
    const { conversationId } = await onTheWeb(house)
    const { id, version } = await newTicket(house, conversationId, { teamId: house.team.id })
    await house.agent.expectError('POST', `/tickets/${id}/article-draft`, {}, 409, 'ticket_without_solution')
    await house.outsider.expectError('POST', `/tickets/${id}/article-draft`, { body: '偷看' }, 404, 'not_found')
    await house.agent.expectError('PUT', `/tickets/${id}/solution`, { solution: 'x', version: version + 7 }, 409, 'version_conflict')
    const now = (await detail(house.agent, id)).version
    expect(await house.agent.put<TicketEnding>(`/tickets/${id}/solution`, { solution: '重启', version: now })).toMatchObject({
      solution: '重启',
    })
  })
})

describe('the rules', () => {
  test('only who sets tickets up changes them; a reminder after the end and words that nobody fills in are refused', async () => {
    const before = await house.admin.get<object & { texts: object; version: number }>('/ticket-ending-settings')
    await house.agent.expectError('PUT', '/ticket-ending-settings', before, 403, 'forbidden')
    await house.admin.expectError('PUT', '/ticket-ending-settings', { ...before, autoCloseDays: 2, noticeDays: 2 }, 400, 'invalid_request')
    const texts = { ...before.texts, created: { on: true, zh: '{余额}', en: '' } }
    await house.admin.expectError('PUT', '/ticket-ending-settings', { ...before, texts }, 400, 'template_variable_unknown')
    await house.admin.expectError('PUT', '/ticket-ending-settings', { ...before, version: before.version + 1 }, 409, 'version_conflict')
    expect(await house.admin.get('/ticket-ending-settings')).toEqual(before)
  })
})

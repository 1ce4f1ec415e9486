/** Making tickets: by hand, from a conversation, from another system; numbers, types with forms, templates and drafts. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer } from '../../contract/customer.ts'
import type { ChecklistItem } from '../../contract/ticket-follow-up.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { Message } from '../../contract/message.ts'
import type { Notification } from '../../contract/notification.ts'
import type { Team } from '../../contract/team.ts'
import type { Ticket, TicketDetail, TicketDraft, TicketTemplate } from '../../contract/ticket.ts'
import type { FormField, TicketType } from '../../contract/ticket-type.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let other: StaffClient
let team: Team
let web: { id: string }
let question: TicketType
const NOBODY = '01930000-0000-7000-8000-0000000000ff'

beforeAll(async () => {
  it = await startTestApp()
  ;[admin, supervisor, agent, other] = await Promise.all([
    it.staff('admin', '陈默'),
    it.staff('supervisor', '周主管'),
    it.staff('agent', '林晓'),
    it.staff('agent', '王强'),
  ])
  team = await supervisor.post<Team>('/teams', { name: unique('售后组') })
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  web = await it.connectWeb()
  question = (await agent.get<TicketType[]>('/ticket-types'))[0]!
})
afterAll(() => it.stop())

const make = (body: object = {}, by = agent) =>
  by.post<TicketDetail>('/tickets', { title: unique('打印机无法联网'), typeId: question.id, ...body })
const read = (id: string, by = agent) => by.get<TicketDetail>(`/tickets/${id}`)
const refused = (body: object, status: number, code: Parameters<StaffClient['expectError']>[4], by = agent) =>
  by.expectError('POST', '/tickets', { title: '退款', typeId: question.id, ...body }, status, code)
const field = (more: Partial<FormField>): Partial<FormField> => ({
  key: 'serial',
  labelZh: '序列号',
  labelEn: 'Serial number',
  type: 'text',
  ...more,
})
const newType = (fields: Partial<FormField>[], more: object = {}) =>
  admin.post<TicketType>('/ticket-types', { nameZh: unique('报修'), nameEn: unique('Repair'), fields, ...more })
/** A conversation that the agent holds, with what was said in it. */
async function conversation(...said: string[]) {
  const customer = await it.webCustomer(web.id)
  for (const text of said) await customer.say(text)
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const today = () => new Date(it.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')

describe('BP-005.1 making a ticket', () => {
  test('BP-005.1 BP-005.2 BP-005.4 by hand: numbered by the day, with its words, priority and tags, waiting for somebody', async () => {
    const customer = await admin.post<Customer>('/customers', { name: unique('陈先生'), ownerId: agent.me.id })
    const ticket = await make({
      description: '三楼\n换过网线',
      priority: 'urgent',
      tags: ['网络', '三楼'],
      customerId: customer.id,
      teamId: team.id,
    })
    expect(ticket).toMatchObject({
      description: '三楼\n换过网线',
      priority: 'urgent',
      tags: ['网络', '三楼'],
      status: 'unassigned',
      source: 'hand',
      team: { id: team.id },
      assignee: null,
      customer: { id: customer.id, name: customer.name },
      createdBy: { id: agent.me.id, name: '林晓' },
      type: { id: question.id },
    })
    expect(ticket.number).toMatch(new RegExp(`^${today()}-\\d{4}$`))
  })

  test('numbers of a day have no gaps: what was refused gives its number back, and two at once do not share one', async () => {
    const first = await make()
    await refused({ assigneeId: agent.me.id, attachmentIds: [NOBODY] }, 404, 'not_found')
    const several = await Promise.all([make(), make({}, other), make({}, supervisor), make({}, admin)])
    const last = Number(first.number.slice(-4))
    expect(several.map(({ number }) => Number(number.slice(-4))).sort((a, b) => a - b)).toEqual([last + 1, last + 2, last + 3, last + 4])
  })

  test('the same request sent twice, also at once, makes one ticket; the same key for something else is refused', async () => {
    const clientKey = newKey()
    const body = { title: '重复提交', clientKey }
    const [one, two] = await Promise.all([make(body), make(body)])
    expect(two.id).toBe(one.id)
    expect((await make(body)).id).toBe(one.id)
    await refused({ clientKey, title: '另一件事' }, 409, 'idempotency_mismatch')
    expect((await make(body, other)).id).not.toBe(one.id)
  })

  test('for oneself at once; for somebody else only by who assigns', async () => {
    expect(await make({ assigneeId: agent.me.id })).toMatchObject({ status: 'in_progress', assignee: { id: agent.me.id, name: '林晓' } })
    await refused({ assigneeId: other.me.id }, 403, 'forbidden')
    const given = await make({ assigneeId: other.me.id }, supervisor)
    expect(given).toMatchObject({ status: 'in_progress', assignee: { name: '王强' }, seenAt: null })
    expect((await read(given.id, other)).id).toBe(given.id)
    await refused({ assigneeId: NOBODY }, 400, 'staff_not_active', supervisor)
  })

  test('what cannot be read, or be so, makes no ticket', async () => {
    const before = (await admin.ask('GET', '/tickets?limit=1')).body.data[0].number
    await refused({ title: '  ' }, 400, 'invalid_request')
    await refused({ title: '字'.repeat(201) }, 400, 'invalid_request')
    await refused({ priority: 'medium' }, 400, 'invalid_request')
    await refused({ tags: Array.from({ length: 10_000 }, (_, index) => `标签${index}`) }, 400, 'invalid_request')
    await refused({ tags: ['退款', '退款'] }, 400, 'invalid_request')
    await refused({ typeId: NOBODY }, 400, 'invalid_request')
    await refused({ teamId: NOBODY }, 400, 'invalid_request')
    await refused({ customerId: NOBODY }, 404, 'not_found')
    await refused({ from: { conversationId: NOBODY, seqs: [1] } }, 404, 'not_found')
    expect((await admin.ask('GET', '/tickets?limit=1')).body.data[0].number).toBe(before)
  })
})

describe('BP-005.1 from a conversation', () => {
  test('BP-005.1 selected messages and their files come along, customer and channel too, and both sides link to each other', async () => {
    const { customer, id } = await conversation('你好', '机器开不了')
    const { body: upload } = await customer.upload('/web/attachments', { name: '日志.txt', data: 'E42' })
    await customer.say([{ type: 'file', attachmentId: upload.data.id }])
    const said = (await agent.messages(id)).filter(({ direction }) => direction === 'inbound')
    const seqs = said.slice(1).map(({ seq }) => seq)
    const ticket = await make({ from: { conversationId: id, seqs } })
    const { customer: shown } = await agent.conversation(id)
    expect(ticket).toMatchObject({
      source: 'conversation',
      conversationId: id,
      messages: 2,
      customer: { id: shown.id },
      channelAccount: { id: web.id },
    })
    expect(ticket.files.map(({ name }) => name)).toEqual(['日志.txt'])
    expect(ticket.may.openConversation).toBe(true)
    expect((await agent.get<Ticket[]>(`/tickets?conversationId=${id}`)).map((each) => each.id)).toEqual([ticket.id])
    const noted = (await agent.messages(id))
      .flatMap(({ parts }) => parts)
      .find((part) => part.type === 'notice' && part.code === 'ticket_created')
    expect(noted).toMatchObject({ params: { ticketId: ticket.id, number: ticket.number } })
    // The line among staff is no word to him.
    expect(JSON.stringify(await customer.history())).not.toContain('ticket_created')
  })

  test('who sees the ticket reads its messages and opens its files, also without seeing the conversation', async () => {
    const { customer, id } = await conversation('机器开不了')
    const { body: upload } = await customer.upload('/web/attachments', { name: '日志.txt', data: 'E42' })
    await customer.say([{ type: 'file', attachmentId: upload.data.id }])
    const seqs = (await agent.messages(id)).filter(({ direction }) => direction === 'inbound').map(({ seq }) => seq)
    const ticket = await make({ from: { conversationId: id, seqs }, watcherIds: [other.me.id] })
    await other.expectError('GET', `/conversations/${id}`, undefined, 404, 'not_found')
    const messages = await other.get<Message[]>(`/tickets/${ticket.id}/messages`)
    expect(messages.map(({ parts }) => parts[0])).toMatchObject([{ text: '机器开不了' }, { media: { name: '日志.txt' } }])
    const part = messages[1]?.parts[0]
    const url = part && 'media' in part ? (part.media.url ?? '') : ''
    expect((await other.download(url)).data.toString()).toBe('E42')
    expect((await other.get<Notification[]>('/notifications')).map(({ kind }) => kind)).toContain('ticket.watching')
  })

  test('messages that are not there cannot be taken over, and another conversation is 404', async () => {
    const { id } = await conversation('你好')
    await refused({ from: { conversationId: id, seqs: [900] } }, 400, 'invalid_request')
    await refused({ from: { conversationId: id, seqs: [1] } }, 404, 'not_found', other)
    expect(await agent.get<Ticket[]>(`/tickets?conversationId=${id}`)).toEqual([])
  })

  test('more messages are added later, each once', async () => {
    const { customer, id } = await conversation('第一句')
    const ticket = await make({ from: { conversationId: id } })
    expect(ticket.messages).toBe(0)
    await customer.say('第二句')
    const seqs = (await agent.messages(id)).filter(({ direction }) => direction === 'inbound').map(({ seq }) => seq)
    const claimed = await agent.post<TicketDetail>(`/tickets/${ticket.id}/messages`, { conversationId: id, seqs })
    expect(claimed.messages).toBe(2)
    expect((await agent.post<TicketDetail>(`/tickets/${ticket.id}/messages`, { conversationId: id, seqs })).messages).toBe(2)
    const foreign = await conversation('别人的话')
    await agent.expectError('POST', `/tickets/${ticket.id}/messages`, { conversationId: foreign.id, seqs: [1] }, 409, 'different_customers')
  })
})

describe('BP-005.3 types with forms', () => {
  test('BP-005.3 a type asks for its fields when it is chosen, each checked for what it is', async () => {
    const [region] = await admin.get<DictionaryEntry[]>('/dictionaries/region')
    const type = await newType([
      field({ requiredIn: ['new'] }),
      field({ key: 'bought', labelZh: '购买日期', labelEn: 'Bought on', type: 'date' }),
      field({ key: 'where', labelZh: '地区', labelEn: 'Region', type: 'dictionary', dictionary: 'region' }),
      field({
        key: 'colours',
        labelZh: '颜色',
        labelEn: 'Colours',
        type: 'multi_select',
        choices: [{ value: 'red', labelZh: '红', labelEn: 'Red' }],
      }),
    ])
    expect(await refused({ typeId: type.id }, 400, 'ticket_fields_missing')).toMatchObject({
      to: 'new',
      fields: [{ key: 'serial', labelZh: '序列号' }],
    })
    for (const fields of [
      { serial: 7 },
      { serial: 'A', bought: '2026-02-30' },
      { serial: 'A', colours: ['blue'] },
      { serial: 'A', nonsense: 'x' },
    ])
      await refused({ typeId: type.id, fields }, 400, 'field_invalid')
    await refused({ typeId: type.id, fields: { serial: 'A', where: NOBODY } }, 400, 'entry_unknown')
    const fields = { serial: 'A-17', bought: '2026-02-28', where: region!.id, colours: ['red'] }
    const ticket = await make({ typeId: type.id, fields })
    expect(ticket).toMatchObject({ fields, entries: { [region!.id]: { labelZh: region!.labelZh } } })
  })

  test('BP-005.3 its team and priority are the ticket’s where nobody says otherwise; a disabled type is not chosen', async () => {
    const type = await newType([], { teamId: team.id, priority: 'high' })
    expect(await make({ typeId: type.id })).toMatchObject({ team: { id: team.id }, priority: 'high' })
    expect(await make({ typeId: type.id, teamId: null, priority: 'low' })).toMatchObject({ team: null, priority: 'low' })
    const disabled = await admin.patch<TicketType>(`/ticket-types/${type.id}`, { disabled: true, version: type.version })
    await refused({ typeId: type.id }, 400, 'ticket_type_disabled')
    expect((await agent.get<TicketType[]>('/ticket-types')).map(({ id }) => id)).not.toContain(type.id)
    await admin.expectError('DELETE', `/ticket-types/${type.id}?version=${disabled.version}`, undefined, 409, 'ticket_type_in_use')
  })

  test('BP-005.3 the form changes with care: names once, keys once, values keep their kind; agents do not keep types', async () => {
    const type = await newType([field({})])
    await make({ typeId: type.id, fields: { serial: 'A-1' } })
    const patch = (body: object) => ({ version: type.version, ...body })
    await admin.expectError('PATCH', `/ticket-types/${type.id}`, patch({ fields: [field({ type: 'number' })] }), 409, 'ticket_field_in_use')
    await admin.expectError('PATCH', `/ticket-types/${type.id}`, patch({ fields: [field({}), field({})] }), 400, 'invalid_request')
    await admin.expectError('PATCH', `/ticket-types/${type.id}`, patch({ nameZh: question.nameZh }), 409, 'name_taken')
    await agent.expectError('PATCH', `/ticket-types/${type.id}`, patch({ color: null }), 403, 'forbidden')
    const [won, lost] = await Promise.all([
      admin.ask('PATCH', `/ticket-types/${type.id}`, patch({ description: '甲' })),
      admin.ask('PATCH', `/ticket-types/${type.id}`, patch({ description: '乙' })),
    ])
    expect([won.status, lost.status].sort()).toEqual([200, 409])
    const unused = await newType([])
    expect((await admin.ask('DELETE', `/ticket-types/${unused.id}?version=1`)).status).toBe(200)
    const ids = (await admin.get<TicketType[]>('/ticket-types?all=true')).map(({ id }) => id).reverse()
    expect((await admin.put<TicketType[]>('/ticket-types/order', { ids })).map(({ id }) => id)).toEqual(ids)
    await admin.expectError('PUT', '/ticket-types/order', { ids: ids.slice(1) }, 400, 'invalid_request')
    await admin.put('/ticket-types/order', { ids: ids.reverse() })
  })
})

describe('BP-005.2 templates and drafts', () => {
  test('BP-005.2 a template of a team is there for its members alone, and kept by who sets tickets up', async () => {
    const checklist = ['核对订单', '联系财务']
    const content = { title: '退款核查：', tags: ['退款'], priority: 'high', checklist }
    await supervisor.expectError('POST', '/ticket-templates', { name: unique('全员'), typeId: question.id, content }, 403, 'forbidden')
    const name = unique('退款')
    const template = await supervisor.post<TicketTemplate>('/ticket-templates', { name, teamId: team.id, typeId: question.id, content })
    await supervisor.expectError('POST', '/ticket-templates', { name, teamId: team.id, typeId: question.id, content }, 409, 'name_taken')
    const names = async (by: StaffClient) => (await by.get<TicketTemplate[]>('/ticket-templates')).map(({ id }) => id)
    expect(template.content.checklist).toEqual(checklist)
    const { id } = await make({ checklist: template.content.checklist })
    expect(await agent.get<ChecklistItem[]>(`/tickets/${id}/checklist`)).toMatchObject(checklist.map((text) => ({ text, done: false })))
    await refused({ checklist: [' '] }, 400, 'invalid_request')
    expect(await names(agent)).toContain(template.id)
    expect(await names(other)).not.toContain(template.id)
    await agent.expectError('POST', '/ticket-templates', { name: unique('x'), typeId: question.id, content }, 403, 'forbidden')
    const off = await supervisor.patch<TicketTemplate>(`/ticket-templates/${template.id}`, { disabled: true, version: 1 })
    expect(await names(agent)).not.toContain(template.id)
    expect((await supervisor.ask('DELETE', `/ticket-templates/${template.id}?version=${off.version}`)).status).toBe(200)
  })

  test('BP-005.2 a draft is one’s own, survives, and goes with the ticket that is made of it', async () => {
    const draft = await agent.post<TicketDraft>('/ticket-drafts', { content: { title: '写到一半' } })
    const written = await agent.put<TicketDraft>(`/ticket-drafts/${draft.id}`, { content: { title: '写完了' }, version: draft.version })
    await agent.expectError(
      'PUT',
      `/ticket-drafts/${draft.id}`,
      { content: { title: '旧' }, version: draft.version },
      409,
      'version_conflict',
    )
    await other.expectError('PUT', `/ticket-drafts/${draft.id}`, { content: {}, version: written.version }, 404, 'not_found')
    expect((await agent.get<TicketDraft[]>('/ticket-drafts')).map(({ content }) => content.title)).toContain('写完了')
    await make({ title: '写完了', draftId: draft.id })
    expect((await agent.get<TicketDraft[]>('/ticket-drafts')).map(({ id }) => id)).not.toContain(draft.id)
  })
})

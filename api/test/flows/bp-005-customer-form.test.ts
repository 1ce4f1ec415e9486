/** The customer's own form of a ticket: the fields of a type that are his to fill in (BP-005.3, MOD-10). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import type { CustomerTicket, CustomerTicketPage } from '../../contract/ticket-customer.ts'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { FormField, TicketType } from '../../contract/ticket-type.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

const field = (more: Partial<FormField>): Partial<FormField> => ({
  key: 'serial',
  labelZh: '序列号',
  labelEn: 'Serial number',
  type: 'text',
  ...more,
})

describe('BP-005.3 the form on the customer’s page', () => {
  test('BP-005.3 he is asked what is his to fill in, no more; what he filled in he reads, worded; another’s field he cannot name', async () => {
    const [region] = await admin.get<DictionaryEntry[]>('/dictionaries/region')
    const shown = { forCustomers: true }
    const type = await admin.post<TicketType>('/ticket-types', {
      nameZh: unique('报修'),
      nameEn: unique('Repair'),
      openToCustomers: true,
      fields: [
        field({ ...shown, requiredIn: ['new'], hintZh: '在机身侧面', hintEn: 'On its side' }),
        field({ ...shown, key: 'where', labelZh: '地区', labelEn: 'Region', type: 'dictionary', dictionary: 'region' }),
        field({ key: 'cause', labelZh: '原因', labelEn: 'Cause', requiredIn: ['new'] }),
      ],
    })
    const customer = await it.webCustomer(web.id)
    const offered = (await customer.get<CustomerTicketPage>('/web/tickets')).form?.types.find(({ id }) => id === type.id)
    expect(offered?.fields).toMatchObject([
      { key: 'serial', type: 'text', required: true, choices: [], hintZh: '在机身侧面', hintEn: 'On its side' },
      { key: 'where', type: 'select', required: false, choices: expect.arrayContaining([expect.objectContaining({ value: region!.id })]) },
    ])
    const form = (fields: object) => ({ clientKey: newKey(), typeId: type.id, title: '不制冷', text: '昨天开始', fields })
    const missing = await customer.expectError('POST', '/web/tickets', form({}), 400, 'ticket_fields_missing')
    expect(missing).toMatchObject({ fields: [{ key: 'serial' }] })
    await customer.expectError('POST', '/web/tickets', form({ serial: 'A-1', cause: '进水' }), 400, 'field_invalid')
    const made = await customer.post<CustomerTicket>('/web/tickets', form({ serial: 'A-1', where: region!.id }))
    expect(made.fields).toMatchObject([
      { key: 'serial', labelZh: '序列号', valueZh: 'A-1' },
      { key: 'where', valueZh: region!.labelZh, valueEn: region!.labelEn },
    ])
    expect((await admin.get<TicketDetail>(`/tickets/${made.id}`)).fields).toEqual({ serial: 'A-1', where: region!.id })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Customer } from '../../contract/customer.ts'
import type { ArchivingProposal, RegistrationSettings, WebProfile } from '../../contract/registration.ts'
import { newPhone, PageVisitor } from '../customer-login.ts'
import { type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

const archiveByRule = async (on: boolean) => {
  const { version } = await admin.get<RegistrationSettings>('/registration-settings')
  await admin.patch('/registration-settings', { archiveMatching: on, version })
}
beforeEach(() => archiveByRule(false))

const institution = (name: string) => admin.post<{ id: string; name: string }>('/institutions', { name })
const idOf = async (client: WebCustomer): Promise<string> => {
  await client.say('你好')
  const { conversation } = await client.history()
  return (await admin.conversation(conversation?.id ?? '')).customer.id
}
async function registered(profile: { name?: string; organisation?: string }): Promise<{ id: string; client: WebCustomer }> {
  const { client, profile: now } = await new PageVisitor(it, web.id).register(newPhone())
  await client.patch<WebProfile>('/web/me', { ...profile, version: now.version })
  return { id: await idOf(client), client }
}
const customer = (id: string) => admin.get<Customer>(`/customers/${id}`)

describe('BP-001.5 from temporary to formal by hand', () => {
  test('BP-001.5 the institution that his 单位 names is proposed, and he becomes formal under it', async () => {
    const place = await institution(unique('远山科技'))
    const { id, client } = await registered({ name: '赵敏', organisation: place.name })
    const proposal = await admin.get<ArchivingProposal>(`/customers/${id}/archiving`)
    expect(proposal).toMatchObject({ organisation: place.name, duplicates: [] })
    expect(proposal.institutions[0]).toEqual({ id: place.id, name: place.name, exact: true })
    const { version } = await customer(id)
    const formal = await admin.post<Customer>(`/customers/${id}/archiving`, { institutionId: place.id, version })
    expect(formal).toMatchObject({ status: 'formal', institution: { id: place.id } })
    // Formal, he sees the company's record, and his own words no longer change it.
    expect((await client.get<{ profile: WebProfile }>('/web/me')).profile).toMatchObject({ status: 'formal', organisation: place.name })
    await admin.expectError('POST', `/customers/${id}/archiving`, { institutionId: place.id, version }, 409, 'version_conflict')
  })

  test('BP-001.5 duplicates are proposed: the same name at the same place, and whom the number was noted for', async () => {
    const place = await institution(unique('青石物流'))
    const name = unique('孙倩')
    const known = await admin.post<Customer>('/customers', { name, institutionId: place.id, status: 'formal' })
    const { id } = await registered({ name, organisation: place.name })
    const proposal = await admin.get<ArchivingProposal>(`/customers/${id}/archiving`)
    expect(proposal.duplicates).toEqual([{ id: known.id, name, institution: place.name, reasons: ['name_and_institution'] }])
  })

  test('an institution that is not there, a customer who is not mine, and a missing permission are refused', async () => {
    const { id } = await registered({ name: '周宁' })
    const { version } = await customer(id)
    const nowhere = { institutionId: '01930000-0000-7000-8000-0000000000ff', version }
    await admin.expectError('POST', `/customers/${id}/archiving`, nowhere, 400, 'invalid_request')
    const conversation = (await admin.get<{ id: string }[]>(`/customers/${id}/conversations`))[0]
    await admin.post(`/conversations/${conversation?.id}/accept`)
    const stranger = await it.staff('agent')
    await stranger.expectError('GET', `/customers/${id}/archiving`, undefined, 404, 'not_found')
    await stranger.expectError('POST', `/customers/${id}/archiving`, nowhere, 404, 'not_found')
    await stranger.expectError('PATCH', '/registration-settings', { archiveMatching: true, version: 1 }, 403, 'forbidden')
  })
})

describe('BP-001.5 from temporary to formal by rule', () => {
  test('BP-001.5 who has a proven number, a name and exactly one institution of that name becomes formal by himself', async () => {
    await archiveByRule(true)
    const place = await institution(unique('海蓝医疗'))
    const { id } = await registered({ name: '林晓', organisation: ` ${place.name} ` })
    await until(async () => expect(await customer(id)).toMatchObject({ status: 'formal', institution: { id: place.id } }))
  })

  test('BP-001.5 an institution that is entered later is found by the schedule', async () => {
    await archiveByRule(true)
    const name = unique('云杉教育')
    const { id } = await registered({ name: '何平', organisation: name })
    const place = await institution(name)
    await it.travel(3_700_000)
    const schedule = it.process.app.modules.flatMap((one) => one.schedules ?? []).find((one) => one.name === 'registration.archive-by-rule')
    await Promise.all([schedule?.run(it.process.app), schedule?.run(it.process.app)])
    expect(await customer(id)).toMatchObject({ status: 'formal', institution: { id: place.id } })
  })

  test('no name, no institution of that name, or the rule switched off: he stays temporary', async () => {
    await archiveByRule(true)
    const place = await institution(unique('北辰制造'))
    const nameless = await registered({ organisation: place.name })
    const elsewhere = await registered({ name: '吴昊', organisation: unique('没有登记的单位') })
    await archiveByRule(false)
    const off = await registered({ name: '郑洁', organisation: place.name })
    const schedule = it.process.app.modules.flatMap((one) => one.schedules ?? []).find((one) => one.name === 'registration.archive-by-rule')
    await schedule?.run(it.process.app)
    for (const { id } of [nameless, elsewhere, off]) expect((await customer(id)).status).toBe('temporary')
  })
})

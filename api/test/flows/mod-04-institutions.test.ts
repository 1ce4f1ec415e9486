import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Customer, CustomerSummary } from '../../contract/customer.ts'
import type { ListedEntry } from '../../contract/dictionary.ts'
import type { ListedInstitution } from '../../contract/institution.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { makeFormal } from '../../modules/customers/index.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈默')
  agent = await it.staff('agent', '林晓')
})
afterAll(() => it.stop())

const add = (client: StaffClient, body: object = {}) => client.post<Customer>('/customers', { name: unique('客户'), ...body })
const list = (client: StaffClient, query = '') => client.get<CustomerSummary[]>(`/customers${query}`)
const namesOf = (rows: readonly { name: string | null }[]) => rows.map(({ name }) => name)
const entry = (dictionary: string, body: object) => admin.post<ListedEntry>(`/dictionaries/${dictionary}`, body)

describe('MOD-04 institutions', () => {
  const institution = (body: object = {}) => admin.post<ListedInstitution>('/institutions', { name: unique('机构'), ...body })

  test('MOD-04 an institution has type, region, parent, fields and people; a temporary customer becomes formal under it', async () => {
    const type = await entry('institution_type', { code: unique('type').replace('-', '_'), labelZh: '医院', labelEn: 'Hospital' })
    const parent = await institution()
    const own = await institution({ name: '云岭医院', typeId: type.id, parentId: parent.id, address: '杭州' })
    expect(own).toMatchObject({ name: '云岭医院', typeId: type.id, parent: { id: parent.id, name: parent.name }, contacts: 0 })
    const { id } = await add(agent, { name: '赵敏' })
    const formal = await agent.post<Customer>(`/customers/${id}/formal`, { institutionId: own.id, version: 1 })
    expect(formal).toMatchObject({ status: 'formal', institution: { id: own.id, name: '云岭医院' }, version: 2 })
    const withContact = await admin.patch<ListedInstitution>(`/institutions/${own.id}`, { primaryContactId: id, version: own.version })
    expect(withContact).toMatchObject({ primaryContact: { id, name: '赵敏' }, contacts: 1 })
    expect(namesOf(await list(agent, `?institutionId=${own.id}`))).toEqual(['赵敏'])
    expect(namesOf(await admin.get<ListedInstitution[]>('/institutions?q=ylyy'))).toEqual(['云岭医院'])
    expect(namesOf(await list(admin, '?q=云岭'))).toEqual(['赵敏'])
  })

  test('MOD-04 a rule may make him formal too; saying it again changes nothing', async () => {
    const { id } = await add(admin)
    const own = await institution()
    for (const version of [2, 2]) {
      const row = await inTransaction(it.process.app, SYSTEM, (ctx) =>
        makeFormal(ctx, id, { institutionId: own.id, reason: 'registration' }),
      )
      expect([row.status, row.version]).toEqual(['formal', version])
    }
  })

  test('MOD-04 one name, one institution, whoever is first', async () => {
    const name = unique('同名')
    const answers = await Promise.all([1, 2].map(() => admin.ask('POST', '/institutions', { name })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    await admin.expectError('POST', '/institutions', { name: name.toUpperCase() }, 409, 'name_taken')
  })

  test('MOD-04 two moves that would close a circle together: one is refused', async () => {
    const [a, b] = [await institution(), await institution()]
    const answers = await Promise.all([
      admin.ask('PATCH', `/institutions/${a.id}`, { parentId: b.id, version: 1 }),
      admin.ask('PATCH', `/institutions/${b.id}`, { parentId: a.id, version: 1 }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('institution_cycle')
  })

  test('MOD-04 one that people belong to is not archived; an archived one cannot be chosen, and its name is free', async () => {
    const own = await institution()
    const { id } = await add(admin, { institutionId: own.id })
    const archive = ['POST', `/institutions/${own.id}/archive`, { version: own.version }] as const
    expect(await admin.expectError(...archive, 409, 'institution_in_use')).toEqual({ contacts: 1, children: 0 })
    await admin.patch(`/customers/${id}`, { institutionId: null, version: 1 })
    await admin.post(`/institutions/${own.id}/archive`, { version: own.version })
    await admin.expectError('PATCH', `/customers/${id}`, { institutionId: own.id, version: 2 }, 400, 'invalid_request')
    await institution({ name: own.name })
    await admin.expectError('POST', `/institutions/${own.id}/restore`, { version: own.version + 1 }, 409, 'name_taken')
  })
})

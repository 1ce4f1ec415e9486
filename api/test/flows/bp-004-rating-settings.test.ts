import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ConversationRating, RatingRule, RatingSettings } from '../../contract/rating.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, unique, type WebCustomer } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

async function onTheWeb(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const invite = (id: string) => agent.post<ConversationRating>(`/conversations/${id}/rating-invitations`)
const ratingOf = (id: string) => agent.get<ConversationRating>(`/conversations/${id}/rating`)
const settings = () => admin.get<RatingSettings>('/rating-settings')
const newUuid = () => `01930000-0000-7000-8000-${newKey().slice(0, 12)}`

describe('BP-004.9 settings', () => {
  test('BP-004.9 the first rule that fits decides; order, conflict and unknown names', async () => {
    const make = (more: object) =>
      admin.post<RatingRule>('/rating-rules', {
        name: unique('rule'),
        closeReasons: [],
        channelAccountIds: [],
        teamIds: [],
        invite: true,
        enabled: true,
        ...more,
      })
    const all = await make({ channelAccountIds: [web.id] })
    const never = await make({ closeReasons: ['other'], invite: false })
    await admin.put('/rating-rules/order', { ids: [never.id, all.id] })
    const quiet = await onTheWeb()
    await agent.post(`/conversations/${quiet.id}/close`, { reason: 'other' })
    const loud = await onTheWeb()
    await agent.post(`/conversations/${loud.id}/close`, { reason: 'resolved' })
    await until(async () => expect((await ratingOf(loud.id)).invitation).toMatchObject({ trigger: 'rule' }))
    expect((await ratingOf(quiet.id)).invitation).toBeNull()
    await admin.expectError('POST', '/rating-rules', { ...all, id: undefined, position: undefined, version: undefined }, 409, 'name_taken')
    await admin.expectError('PATCH', `/rating-rules/${all.id}`, { enabled: false, version: 99 }, 409, 'version_conflict')
    await admin.expectError('PATCH', `/rating-rules/${all.id}`, { teamIds: [newUuid()], version: all.version + 1 }, 400, 'invalid_request')
    await admin.expectError('PUT', '/rating-rules/order', { ids: [all.id] }, 409, 'version_conflict')
    await agent.expectError('POST', '/rating-rules', { name: 'x' }, 403, 'forbidden')
    for (const { id } of await admin.get<RatingRule[]>('/rating-rules')) {
      const { version } = (await admin.get<RatingRule[]>('/rating-rules')).find((rule) => rule.id === id)!
      await admin.ask('DELETE', `/rating-rules/${id}?version=${version}`)
    }
  })

  test('BP-004.9 three levels instead of five stars hold for new invitations; two who save at once: one is told', async () => {
    const { version, reasons } = await settings()
    const both = await Promise.all([3, 3].map((scale) => admin.ask('PATCH', '/rating-settings', { scale, version })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const { customer, id } = await onTheWeb()
    const { invitation } = await invite(id)
    await customer.expectError('POST', '/web/ratings', { invitationId: invitation?.id, score: 4 }, 400, 'invalid_request')
    expect(await customer.post('/web/ratings', { invitationId: invitation?.id, score: 2 })).toMatchObject({ scale: 3, score: 2 })
    expect((await ratingOf(id)).rating?.level).toBe('middle')
    const now = (await settings()).version
    await admin.expectError('PATCH', '/rating-settings', { reasons: [{ id: newUuid(), level: 'low' }], version: now }, 400, 'entry_unknown')
    const kept = reasons.slice(1).map(({ id: reason, level }) => ({ id: reason, level }))
    const after = await admin.ask('PATCH', '/rating-settings', {
      scale: 5,
      reasons: kept,
      texts: { invite: { zh: '请打分', en: '' } },
      version: now,
    })
    expect(after.body.data).toMatchObject({ scale: 5, texts: { invite: { zh: '请打分', en: '' } } })
    expect(after.body.data.reasons).toHaveLength(reasons.length - 1)
    await agent.expectError('PATCH', '/rating-settings', { scale: 3, version: 1 }, 403, 'forbidden')
  })
})

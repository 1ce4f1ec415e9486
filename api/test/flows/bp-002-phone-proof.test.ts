import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Security } from '../../contract/login.ts'
import type { StaffMember } from '../../contract/organisation.ts'
import { type Answer, ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { codeSentTo, messagesTo, newPhone } from '../text-messages.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
})
afterAll(() => it.stop())

const from = () => new ApiClient(it.url, { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL })
const ask = (phone: string, purpose: 'staff_login' | 'password_reset' = 'staff_login') => from().post('/auth/codes', { phone, purpose })
const enter = (phone: string, code: string): Promise<Answer> => from().ask('POST', '/auth/code-login', { phone, code })
const said = ({ status, body }: Answer) => ({ status, code: body.error?.code })
const sent = async (phone: string) => (await messagesTo(it, phone)).length
const memberOf = (id: string) => admin.get<StaffMember>(`/staff-members/${id}`)
const actionsOn = async (id: string) => (await it.process.app.db('audit_entries').where({ object_id: id })).map(({ action }) => action)

async function hire(phone: string): Promise<StaffMember> {
  const roleId = (await memberOf((await it.staff('agent')).me.id)).role.id
  const { member } = await admin.post<{ member: StaffMember }>('/staff-members', { username: unique('new'), name: '新同事', roleId, phone })
  return member
}

/** Somebody at work, to whom an administrator gives a number. */
async function given(phone: string): Promise<StaffClient> {
  const staff = await it.staff('agent')
  const { version } = await memberOf(staff.me.id)
  await admin.patch(`/staff-members/${staff.me.id}`, { phone, version })
  return staff
}

async function resetPassword(phone: string, nth: number): Promise<Answer> {
  await it.travel(61_000)
  await ask(phone, 'password_reset')
  return from().ask('POST', '/auth/password-resets', { phone, code: await codeSentTo(it, phone, nth), password: 'seven quiet mountains' })
}

describe('BP-002.2 numbers that an administrator entered', () => {
  test('BP-002.2 the first sign-in by code of a new colleague proves his number, and from then on it resets his password', async () => {
    const phone = newPhone()
    const { id, phoneProven } = await hire(phone)
    expect(phoneProven).toBe(false)
    await ask(phone)
    expect((await enter(phone, await codeSentTo(it, phone))).body.data.id).toBe(id)
    expect((await memberOf(id)).phoneProven).toBe(true)
    expect(await actionsOn(id)).toEqual(expect.arrayContaining(['staff.created', 'phone.proven']))
    expect((await resetPassword(phone, 2)).status).toBe(200)
  })

  test('BP-002.5 who came by a code chooses his first password without knowing the initial one, for half an hour and once', async () => {
    const phone = newPhone()
    await hire(phone)
    const signIn = async (nth: number) => {
      await ask(phone)
      const answer = await enter(phone, await codeSentTo(it, phone, nth))
      const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      return new ApiClient(it.url, { origin: PUBLIC_URL, cookie })
    }
    const late = await signIn(1)
    await it.travel(31 * 60_000)
    const first = { password: 'seven quiet mountains' }
    expect(said(await late.ask('PUT', '/me/password', first))).toEqual({ status: 400, code: 'password_wrong' })
    const client = await signIn(2)
    const changed = await client.ask('PUT', '/me/password', first)
    expect(changed.body.data).toMatchObject({ mustChangePassword: false })
    const fresh = new ApiClient(it.url, { origin: PUBLIC_URL, cookie: changed.headers.getSetCookie()[0]?.split(';')[0] ?? '' })
    const again = await fresh.ask('PUT', '/me/password', { password: 'eight quiet mountains' })
    expect(said(again)).toEqual({ status: 400, code: 'password_wrong' })
  })

  test('BP-002.4 before that a code resets nothing: none is sent, and the answer is that of a number of nobody', async () => {
    const phone = newPhone()
    await hire(phone)
    await ask(phone, 'password_reset')
    expect(await sent(phone)).toBe(0)
    const wrong = { phone, code: '123456', password: 'seven quiet mountains' }
    expect(said(await from().ask('POST', '/auth/password-resets', wrong))).toEqual({ status: 400, code: 'code_invalid' })
  })

  test('S11 a number mistyped for a colleague at work lets its holder in nowhere', async () => {
    const phone = newPhone()
    const staff = await given(phone)
    await ask(phone)
    await ask(newPhone())
    expect(await sent(phone)).toBe(0)
    expect(said(await enter(phone, '123456'))).toEqual({ status: 400, code: 'code_invalid' })
    expect(await staff.get<Security>('/me/security')).toMatchObject({ phoneProven: false })
    expect((await memberOf(staff.me.id)).phoneProven).toBe(false)
  })

  test('BP-002.2 he proves it himself under his account, and then signs in by it', async () => {
    const phone = newPhone()
    const staff = await given(phone)
    await staff.post('/me/phone/codes', { phone })
    const security = await staff.put<Security>('/me/phone', { phone, code: await codeSentTo(it, phone), password: PASSWORD })
    expect(security.phoneProven).toBe(true)
    await it.travel(61_000)
    await ask(phone)
    expect((await enter(phone, await codeSentTo(it, phone, 2))).body.data.id).toBe(staff.me.id)
  })

  test('a number that is replaced by somebody else has to be proven anew; the same one entered again has not', async () => {
    const phone = newPhone()
    const { id } = await hire(phone)
    await ask(phone)
    await enter(phone, await codeSentTo(it, phone))
    const again = await admin.patch<StaffMember>(`/staff-members/${id}`, { phone, version: (await memberOf(id)).version })
    expect(again.phoneProven).toBe(true)
    const next = newPhone()
    const changed = await admin.patch<StaffMember>(`/staff-members/${id}`, { phone: next, version: again.version })
    expect(changed.phoneProven).toBe(false)
    await ask(next)
    expect(await sent(next)).toBe(0)
    const none = await admin.patch<StaffMember>(`/staff-members/${id}`, { phone: null, version: changed.version })
    expect(none).toMatchObject({ phone: null, phoneProven: false })
  })

  test('of two who bring the code of a new colleague at once one gets in, and the number is proven once', async () => {
    const phone = newPhone()
    const { id } = await hire(phone)
    await ask(phone)
    const code = await codeSentTo(it, phone)
    const answers = await Promise.all([enter(phone, code), enter(phone, code)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await actionsOn(id)).filter((action) => action === 'phone.proven')).toHaveLength(1)
  })
})

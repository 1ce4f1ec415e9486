import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { generate } from 'otplib'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { createSecretBox } from '../../core/secrets.ts'
import { rotateLoginSecrets } from '../../modules/identity/index.ts'
import { type Answer, ApiClient } from '../api-client.ts'
import { newAddress, PASSWORD, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { PUBLIC_URL } from '../installation.ts'
import { otherThan } from '../text-messages.ts'

let it: TestApp

beforeAll(async () => {
  it = await startTestApp()
})
afterAll(() => it.stop())

const from = () => new ApiClient(it.url, { 'x-forwarded-for': newAddress(), origin: PUBLIC_URL })
const logIn = (username: string, password: string): Promise<Answer> => from().ask('POST', '/auth/login', { username, password })
const said = ({ status, body }: Answer) => ({ status, code: body.error?.code })
const actionsOn = async (accountId: string): Promise<string[]> =>
  (await it.process.app.db('audit_entries').where({ object_id: accountId }).orderBy('id')).map(({ action }) => action)

describe('BP-002.1 a second factor', () => {
  const now = () => Math.floor(it.now() / 1000)
  const oneTime = (secret: string) => generate({ secret, epoch: now() })

  async function protectedStaff() {
    const staff = await it.staff('admin')
    const { secret, uri } = await staff.post<{ secret: string; uri: string }>('/me/totp', { password: PASSWORD })
    expect(uri).toMatch(/^otpauth:\/\/totp\//)
    const { codes } = await staff.post<{ codes: string[] }>('/me/totp/confirm', { code: await oneTime(secret) })
    await it.travel(31_000)
    return { staff, secret, codes }
  }
  const challengeOf = async (staff: StaffClient): Promise<string> => {
    const answer = await logIn(staff.me.username, PASSWORD)
    expect({ ...said(answer), cookie: answer.headers.get('set-cookie') }).toEqual({
      status: 401,
      code: 'second_factor_required',
      cookie: null,
    })
    return answer.body.error.context.challenge
  }
  const second = (challenge: string, code: string) => from().ask('POST', '/auth/second-factor', { challenge, code })

  test('the password alone opens nothing; the code of the moment does, once', async () => {
    const { staff, secret } = await protectedStaff()
    const [one, two] = [await challengeOf(staff), await challengeOf(staff)]
    const code = await oneTime(secret)
    expect((await second(one, code)).status).toBe(200)
    // The same step again, with another challenge; then the spent challenge with another step.
    expect(said(await second(two, code))).toEqual({ status: 400, code: 'second_factor_invalid' })
    await it.travel(31_000)
    expect(said(await second(one, await oneTime(secret)))).toEqual({ status: 401, code: 'challenge_expired' })
    expect((await second(two, await oneTime(secret))).status).toBe(200)
  })

  test('of two who bring the same code at once one gets in', async () => {
    const { staff, secret } = await protectedStaff()
    const challenges = [await challengeOf(staff), await challengeOf(staff)]
    const code = await oneTime(secret)
    const answers = await Promise.all(challenges.map((challenge) => second(challenge, code)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('five wrong tries end a challenge, ten the account’s second factor for a while', async () => {
    const { staff, secret } = await protectedStaff()
    const codes: unknown[] = []
    for (let round = 0; round < 3; round++) {
      const challenge = await challengeOf(staff)
      const wrong = otherThan(await oneTime(secret))
      for (let tries = 0; tries < 6; tries++) codes.push(said(await second(challenge, wrong)).code)
    }
    expect(codes.slice(0, 6)).toEqual([...Array<string>(5).fill('second_factor_invalid'), 'challenge_expired'])
    expect(codes.slice(12)).toContain('account_locked')
    expect(codes.filter((code) => code === 'second_factor_invalid')).toHaveLength(10)
  })

  test('a recovery code is good once, for one of two at once; a challenge is over after five minutes', async () => {
    const { staff, codes } = await protectedStaff()
    const recovery = (codes[0] ?? '').toUpperCase().replace('-', ' ')
    const answers = await Promise.all([second(await challengeOf(staff), recovery), second(await challengeOf(staff), recovery)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    const late = await challengeOf(staff)
    await it.travel(301_000)
    expect(said(await second(late, codes[1] ?? ''))).toEqual({ status: 401, code: 'challenge_expired' })
  })

  test('who is half-way in when his password is reset starts again', async () => {
    const { staff, secret } = await protectedStaff()
    const admin = await it.staff('admin')
    const challenge = await challengeOf(staff)
    const { version } = await admin.get<{ version: number }>(`/staff-members/${staff.me.id}`)
    await admin.post(`/staff-members/${staff.me.id}/reset-password`, { version })
    expect(said(await second(challenge, await oneTime(secret)))).toEqual({ status: 401, code: 'challenge_expired' })
  })

  test('who lost his authenticator is let in again by a colleague who may, and by nobody else', async () => {
    const { staff } = await protectedStaff()
    const [admin, agent] = [await it.staff('admin'), await it.staff('agent')]
    const { version } = await admin.get<{ version: number }>(`/staff-members/${staff.me.id}`)
    const path = `/staff-members/${staff.me.id}/end-two-factor`
    await agent.expectError('POST', path, { version }, 403, 'forbidden')
    await staff.expectError('POST', path, { version }, 409, 'own_account')
    await challengeOf(staff)
    for (let times = 0; times < 2; times++) await admin.post(path, { version })
    expect((await logIn(staff.me.username, PASSWORD)).status).toBe(200)
    expect((await actionsOn(staff.me.id)).filter((action) => action === 'two_factor.disabled')).toHaveLength(1)
  })

  test('secrets are sealed again under a new key, and stay good', async () => {
    const { staff } = await protectedStaff()
    const { app } = it.process
    const keys = [{ id: 'k2', key: Buffer.alloc(32, 2) }, ...app.config.secretKeys]
    await inTransaction({ ...app, secrets: createSecretBox(keys) }, SYSTEM, rotateLoginSecrets)
    const sealed = () => app.db('totp_secrets').where({ account_id: staff.me.id }).first('secret_sealed')
    expect((await sealed()).secret_sealed).toMatch(/^v1\.k2\./)
    const back = { ...app, secrets: createSecretBox([...app.config.secretKeys, ...keys.slice(0, 1)]) }
    expect(await inTransaction(back, SYSTEM, rotateLoginSecrets)).toBeGreaterThan(0)
    expect(await inTransaction(back, SYSTEM, rotateLoginSecrets)).toBe(0)
  })

  test('it is set up and ended with the password, and the secret is nowhere in clear', async () => {
    const { staff, secret } = await protectedStaff()
    await staff.expectError('POST', '/me/totp', { password: PASSWORD }, 409, 'conflict')
    await staff.expectError('POST', '/me/totp/disable', { password: 'not this one' }, 400, 'password_wrong')
    expect(JSON.stringify(await it.process.app.db('totp_secrets'))).not.toContain(secret)
    expect(it.log.join('\n')).not.toContain(secret)
    const answer = await staff.ask('POST', '/me/totp/disable', { password: PASSWORD })
    expect(answer.body.data.totp).toEqual({ enabled: false, recoveryCodesLeft: 0 })
    expect((await logIn(staff.me.username, PASSWORD)).status).toBe(200)
    expect(await actionsOn(staff.me.id)).toEqual(expect.arrayContaining(['two_factor.enabled', 'two_factor.disabled']))
  })
})

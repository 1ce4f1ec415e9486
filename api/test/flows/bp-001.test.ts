import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RegistrationLink, RegistrationUse } from '../../contract/registration.ts'
import { makeLink, newPhone, PageVisitor } from '../customer-login.ts'
import { type StaffClient, startTestApp, type TestApp } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient
let web: { id: string }

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin')
  agent = await it.staff('agent', '周静')
  web = await it.connectWeb()
})
afterAll(() => it.stop())

const visit = (accountId = web.id) => new PageVisitor(it, accountId)
const open = (token: string) => it.anonymous().ask('POST', '/web/registration-links/open', { token })
const linkNow = (id: string, reader = agent) => reader.get<RegistrationLink>(`/registration-links/${id}`)

describe('BP-001.1 registration links', () => {
  test('BP-001.1 an agent makes one: it says where it leads and whose it is, and its token is told once', async () => {
    const { link, token } = await makeLink(agent, web.id, { label: '春季展会', maxUses: 3, validHours: 24 })
    expect(link).toMatchObject({
      label: '春季展会',
      state: 'valid',
      uses: 0,
      maxUses: 3,
      createdBy: { name: '周静' },
      channel: { accountId: web.id },
    })
    expect(Date.parse(link.expiresAt) - Date.parse(link.createdAt)).toBe(24 * 3_600_000)
    // 144 bits; stored is a digest alone.
    expect(Buffer.from(token, 'base64url')).toHaveLength(18)
    const rows = await it.process.app.db('registration_links').where({ id: link.id })
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(await linkNow(link.id))).not.toContain(token)
    const opened = await open(token)
    expect(opened.body.data).toMatchObject({ page: { accountId: web.id, title: 'Help' }, invitedBy: '周静', team: null })
  })

  test('BP-001.1 opening it, however often, uses nothing up; registering does, and says who', async () => {
    const { link, token } = await makeLink(agent, web.id)
    for (let times = 0; times < 3; times++) expect((await open(token)).status).toBe(200)
    expect(await linkNow(link.id)).toMatchObject({ uses: 0, state: 'valid' })
    const { registered } = await visit().register(newPhone(), { link: token })
    expect(registered).toBe(true)
    expect(await linkNow(link.id)).toMatchObject({ uses: 1, state: 'used_up' })
    const uses = await agent.get<RegistrationUse[]>(`/registration-links/${link.id}/uses`)
    expect(uses).toMatchObject([{ isNew: true, customer: { name: null } }])
  })

  test('BP-001.1 race: of five who register with a one-use link at once one wins; the others may go on without it', async () => {
    const { link, token } = await makeLink(agent, web.id)
    const people = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const [phone, visitor] = [newPhone(), visit()]
        return { phone, visitor, code: await visitor.code(phone) }
      }),
    )
    const answers = await Promise.all(
      people.map(({ phone, visitor, code }) => visitor.tryLogin({ method: 'code', phone, code, link: token })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const lost = answers.filter(({ status }) => status !== 201)
    expect(new Set(lost.map(({ status, body }) => `${status} ${body.error.code}`))).toEqual(new Set(['409 link_used_up']))
    expect(await linkNow(link.id)).toMatchObject({ uses: 1, state: 'used_up' })
    // The loser's code was not spent on it, and nothing of him was stored.
    const loser = people[answers.findIndex(({ status }) => status !== 201)]
    const again = await loser?.visitor.tryLogin({ method: 'code', phone: loser.phone, code: loser.code })
    expect(again?.status).toBe(201)
    expect(again?.body.data.registered).toBe(true)
  })

  test('BP-001.1 replay: the same person again with the same link signs in and uses nothing more', async () => {
    const { link, token } = await makeLink(agent, web.id, { maxUses: 2 })
    const phone = newPhone()
    await visit().register(phone, { link: token })
    await it.travel(61_000)
    const again = await visit().register(phone, { link: token })
    expect(again.registered).toBe(false)
    expect(await linkNow(link.id)).toMatchObject({ uses: 1, state: 'valid' })
  })

  test('BP-001.1 an expired, a revoked and a used-up link say so and let nobody register', async () => {
    const [expired, revoked, spent] = [
      await makeLink(agent, web.id, { validHours: 1 }),
      await makeLink(agent, web.id),
      await makeLink(agent, web.id),
    ]
    await agent.post(`/registration-links/${revoked.link.id}/revoke`, { version: revoked.link.version })
    await visit().register(newPhone(), { link: spent.token })
    await it.travel(3_600_000)
    const expected = [
      [expired, 'link_expired', 'expired'],
      [revoked, 'link_revoked', 'revoked'],
      [spent, 'link_used_up', 'used_up'],
    ] as const
    for (const [made, code, state] of expected) {
      const opened = await open(made.token)
      expect({ status: opened.status, code: opened.body.error.code }).toEqual({ status: 409, code })
      const visitor = visit()
      const phone = newPhone()
      const answer = await visitor.tryLogin({ method: 'code', phone, code: await visitor.code(phone), link: made.token })
      expect(answer.body.error.code).toBe(code)
      expect((await linkNow(made.link.id)).state).toBe(state)
    }
    const listed = await agent.get<RegistrationLink[]>('/registration-links?state=revoked')
    expect(listed.map(({ id }) => id)).toEqual([revoked.link.id])
  })

  test('S12 a token that nobody made, or of another page, leads nowhere', async () => {
    const { token } = await makeLink(agent, web.id)
    const other = await it.connectWeb()
    expect((await open('A'.repeat(24))).status).toBe(404)
    const visitor = visit(other.id)
    const phone = newPhone()
    expect((await visitor.tryLogin({ method: 'code', phone, code: await visitor.code(phone), link: token })).status).toBe(404)
  })

  test('BP-001.1 revoking twice is revoking; an older version is told', async () => {
    const { link, token } = await makeLink(agent, web.id, { maxUses: 5 })
    // That somebody registers meanwhile does not stand in the way.
    await visit().register(newPhone(), { link: token })
    await agent.expectError('POST', `/registration-links/${link.id}/revoke`, { version: 9 }, 409, 'version_conflict')
    const revoked = await agent.post<RegistrationLink>(`/registration-links/${link.id}/revoke`, { version: link.version })
    expect(revoked).toMatchObject({ state: 'revoked', version: link.version + 1 })
    expect(await agent.post(`/registration-links/${link.id}/revoke`, { version: link.version })).toEqual(revoked)
  })

  test('BP-001.1 an agent sees his own, an administrator all; another’s is not there', async () => {
    const stranger = await it.staff('agent')
    const { link } = await makeLink(agent, web.id)
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/uses'],
      ['POST', '/revoke'],
    ] as const)
      await stranger.expectError(
        method,
        `/registration-links/${link.id}${path}`,
        method === 'POST' ? { version: 1 } : undefined,
        404,
        'not_found',
      )
    expect(await stranger.get('/registration-links')).toEqual([])
    expect(await linkNow(link.id, admin)).toMatchObject({ id: link.id })
    await it.anonymous().expectError('GET', '/registration-links', undefined, 401, 'unauthenticated')
  })

  test.each([
    ['no page', { accountId: '01930000-0000-7000-8000-0000000000ff' }, 404],
    ['a team he does not lead to', { teamId: '01930000-0000-7000-8000-0000000000fe' }, 404],
    ['no use at all', { maxUses: 0 }, 400],
    ['more uses than there may be', { maxUses: 1001 }, 400],
    ['no time', { validHours: 0 }, 400],
    ['a maker in the body', { createdBy: '01930000-0000-7000-8000-0000000000fe' }, 400],
    ['a role in the body', { role: 'admin' }, 400],
  ])('S12 S17 bad input: a link with %s is refused', async (_what, more, status) => {
    expect((await agent.ask('POST', '/registration-links', { accountId: web.id, ...more })).status).toBe(status)
  })
})

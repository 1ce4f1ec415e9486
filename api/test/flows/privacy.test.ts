import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { createStaff } from '../../modules/identity/index.ts'
import { PASSWORD, type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈静')
})
afterAll(() => it.stop())

test('S21 logins, codes, messages and refusals leave no name, number, word, code or token in any line of the log, nor in the trail', async () => {
  const phone = '13912348765'
  const said = '我的身份证号是 330102199001011234，请保密'
  const nickname = '欧阳小暖暖'
  const username = unique('ouyang.secret')
  const password = 'pass phrase of nobody else 9'
  const { app } = it.process
  const start = it.log.length
  await inTransaction(app, SYSTEM, (ctx) => createStaff(ctx, { username, password: PASSWORD, name: '欧阳正', role: 'agent' }))
  const person = await it.logIn(username)
  await it.anonymous().ask('POST', '/auth/login', { username, password })
  await it.anonymous().ask('POST', '/auth/login', `{"username":"${username}","password":"${password}"`)
  await it.anonymous().ask('POST', '/auth/codes', { phone, purpose: 'staff_login' })
  await it.anonymous().ask('POST', '/auth/code-login', { phone, code: '482913' })
  await it.anonymous().ask('GET', `/customers?q=${phone}`)
  await admin.ask('GET', `/customers?q=${phone}`)
  const official = await it.connectOfficial()
  const follower = it.follower(official, nickname)
  await follower.text(said)
  const { id } = await it.conversationOf(admin, follower.openId)
  await person.ask('GET', `/conversations/${id}`)
  await admin.post(`/conversations/${id}/accept`)
  await admin.reply(id, `收到，稍后打给 ${phone}`)
  const web = await it.connectWeb()
  const visitor = await it.webCustomer(web.id)
  await visitor.say(said)
  await until(() => {
    if (!it.log.slice(start).some((line) => line.includes('http.answered'))) throw new Error('nothing logged yet')
  })
  const cookie = /lianke_session=([^;]+)/.exec(person.headers.cookie ?? '')?.[1] ?? ''
  expect(cookie.length).toBeGreaterThan(20)
  const secrets = {
    phone,
    said,
    part: '330102199001011234',
    nickname,
    password,
    usual: PASSWORD,
    cookie,
    token: visitor.token,
    code: '482913',
  }
  const { appSecret, encodingAesKey } = official.settings
  const log = it.log.slice(start)
  const trail = JSON.stringify(await admin.get<AuditEntry[]>('/audit-entries?limit=100'))
  // Six digits may stand in the midst of an id.
  const holds = (text: string, secret: string) =>
    secret === secrets.code ? new RegExp(`(?<![\\da-f])${secret}(?![\\da-f])`).test(text) : text.includes(secret)
  for (const [name, secret] of Object.entries({ ...secrets, appSecret, encodingAesKey, staffName: '欧阳正', username })) {
    expect({ name, logged: log.filter((line) => holds(line, secret)) }).toEqual({ name, logged: [] })
  }
  for (const [name, secret] of Object.entries({ ...secrets, appSecret, encodingAesKey }))
    expect({ name, found: holds(trail, secret) }).toEqual({ name, found: false })
  const keys = await app.redis.keys(`*${it.redisPrefix}*`)
  expect(keys.filter((key) => [phone, cookie, visitor.token, nickname].some((secret) => key.includes(secret)))).toEqual([])
})

test('S21 a database error quotes its statement without the values', async () => {
  const { db } = it.process.app
  const failure = await db('no_such_table')
    .where({ phone: '+8613912348765' })
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Error)
  expect(String(failure)).toContain('no_such_table')
  expect(String(failure)).not.toContain('13912348765')
})

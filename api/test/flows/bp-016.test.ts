import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from '../../contract/audit.ts'
import type { QuickReply, QuickReplySuggestion, QuickReplyVersion } from '../../contract/quick-reply.ts'
import type { Team } from '../../contract/team.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let supervisor: StaffClient
let agent: StaffClient
let colleague: StaffClient
let team: Team
let foreignTeam: Team

beforeAll(async () => {
  it = await startTestApp({ roles: ['api', 'jobs'] })
  admin = await it.staff('admin', '陈默')
  supervisor = await it.staff('supervisor', '周岚')
  agent = await it.staff('agent', '林晓')
  colleague = await it.staff('agent', '王可')
  team = await supervisor.post<Team>('/teams', { name: unique('售后组') })
  await supervisor.put(`/teams/${team.id}/members/${agent.me.id}`, { role: 'agent' })
  foreignTeam = await admin.post<Team>('/teams', { name: unique('别的组') })
})
afterAll(() => it.stop())

let codes = 0
const newCode = () => `k${++codes}`
const says = (text: string) => [{ type: 'text', text }]
const body = (more: object = {}) => ({ scope: 'personal', title: unique('话术'), code: newCode(), parts: says('您好'), ...more })
const make = (client: StaffClient, more: object = {}) => client.post<QuickReply>('/quick-replies', body(more))
const ofHouse = (more: object = {}) => make(admin, { scope: 'global', ...more })
const suggested = async (client: StaffClient, q: string) =>
  client.get<QuickReplySuggestion[]>(`/quick-replies/suggestions?q=${encodeURIComponent(q)}`)
const titles = async (client: StaffClient, q: string) => (await suggested(client, q)).map(({ title }) => title)
const versionsOf = (reply: QuickReply, client = admin) => client.get<QuickReplyVersion[]>(`/quick-replies/${reply.id}/versions`)

describe('BP-016.1 replies of the house and of teams', () => {
  test('BP-016.1 what the administrator writes, everybody has at hand at once', async () => {
    const reply = await ofHouse({ title: '发票抬头说明' })
    for (const client of [agent, colleague, supervisor]) expect(await titles(client, '发票抬头')).toEqual(['发票抬头说明'])
    const seen = await agent.get<QuickReply>(`/quick-replies/${reply.id}`)
    expect(seen).toMatchObject({ scope: 'global', may: { change: false }, updatedBy: { name: '陈默' } })
  })

  test('BP-016.1 an agent changes, moves, disables and deletes nothing of the house', async () => {
    const reply = await ofHouse()
    const path = `/quick-replies/${reply.id}`
    await agent.expectError('POST', '/quick-replies', body({ scope: 'global' }), 403, 'forbidden')
    await agent.expectError('PATCH', path, { title: '改了', version: 1 }, 403, 'forbidden')
    await agent.expectError('PATCH', path, { disabled: true, version: 1 }, 403, 'forbidden')
    await agent.expectError('POST', `${path}/move`, { categoryId: null, before: null, version: 1 }, 403, 'forbidden')
    await agent.expectError('POST', `${path}/restore`, { number: 1, version: 1 }, 403, 'forbidden')
    await agent.expectError('DELETE', `${path}?version=1`, undefined, 403, 'forbidden')
    await supervisor.expectError('PATCH', path, { title: '改了', version: 1 }, 403, 'forbidden')
    expect(await agent.get<QuickReply>(path)).toEqual({ ...reply, may: { change: false } })
  })

  test('BP-016.1 a team’s replies are its members’; its supervisor keeps them, nobody else sees them', async () => {
    const reply = await make(supervisor, { scope: 'team', teamId: team.id, title: '只给售后组' })
    expect(await titles(agent, '只给售后组')).toEqual(['只给售后组'])
    expect(await titles(colleague, '只给售后组')).toEqual([])
    await colleague.expectError('GET', `/quick-replies/${reply.id}`, undefined, 404, 'not_found')
    await agent.expectError('PATCH', `/quick-replies/${reply.id}`, { title: '改了', version: 1 }, 403, 'forbidden')
    await supervisor.expectError('POST', '/quick-replies', body({ scope: 'team', teamId: foreignTeam.id }), 404, 'not_found')
    await supervisor.expectError('POST', '/quick-replies', body({ scope: 'team' }), 400, 'invalid_request')
  })

  test('BP-016.1 disabled ones are offered to nobody and stay with those who keep them', async () => {
    const reply = await ofHouse({ title: '去年的活动' })
    await admin.patch(`/quick-replies/${reply.id}`, { disabled: true, version: 1 })
    expect(await titles(agent, '去年的活动')).toEqual([])
    const kept = await admin.get<QuickReply[]>('/quick-replies?scope=global&state=disabled')
    expect(kept.map(({ id }) => id)).toContain(reply.id)
  })

  test('BP-016.1 changes for others stand in the audit trail with both sides, one’s own do not', async () => {
    const reply = await ofHouse({ title: '审计用' })
    await admin.patch(`/quick-replies/${reply.id}`, { title: '审计用（新）', version: 1 })
    const own = await make(agent)
    await agent.ask('DELETE', `/quick-replies/${own.id}?version=1`)
    const entries = await admin.get<AuditEntry[]>(`/audit-entries?objectKind=quick_reply&limit=100`)
    const about = entries.filter(({ object }) => object.id === reply.id)
    expect(about.map(({ action }) => action)).toEqual(['quick_reply.changed', 'quick_reply.created'])
    expect(about[0]).toMatchObject({ before: { title: '审计用' }, after: { title: '审计用（新）' } })
    expect(entries.some(({ object }) => object.id === own.id)).toBe(false)
  })
})

describe('BP-016.2 one’s own', () => {
  test('BP-016.2 an agent makes, changes and deletes his own; for colleagues and superiors they do not exist', async () => {
    const reply = await make(agent, { title: '我的开场白' })
    expect(await titles(agent, '我的开场白')).toEqual(['我的开场白'])
    for (const client of [colleague, supervisor, admin]) {
      expect(await titles(client, '我的开场白')).toEqual([])
      await client.expectError('GET', `/quick-replies/${reply.id}`, undefined, 404, 'not_found')
      await client.expectError('PATCH', `/quick-replies/${reply.id}`, { title: '别人的', version: 1 }, 404, 'not_found')
    }
    const changed = await agent.patch<QuickReply>(`/quick-replies/${reply.id}`, { title: '我的新开场白', version: 1 })
    expect(changed).toMatchObject({ title: '我的新开场白', version: 2 })
    const gone = await agent.ask('DELETE', `/quick-replies/${reply.id}?version=2`)
    expect([gone.status, gone.body]).toEqual([200, { data: null }])
    expect(await titles(agent, '我的新开场白')).toEqual([])
  })
})

describe('BP-016.4 the text, its versions, and two who write at once', () => {
  test('BP-016.4 every content that stood can be compared and brought back', async () => {
    const reply = await ofHouse({ title: '退款说明', parts: says('三天到账') })
    await admin.patch(`/quick-replies/${reply.id}`, { parts: says('五天到账'), version: 1 })
    await admin.patch(`/quick-replies/${reply.id}`, { disabled: true, version: 2 })
    const before = await versionsOf(reply)
    expect(before.map(({ number, reason, parts }) => [number, reason, parts])).toEqual([
      [2, 'changed', says('五天到账')],
      [1, 'created', says('三天到账')],
    ])
    const restored = await admin.post<QuickReply>(`/quick-replies/${reply.id}/restore`, { number: 1, version: 3 })
    expect(restored).toMatchObject({ parts: says('三天到账'), disabled: true, version: 4 })
    expect((await versionsOf(reply))[0]).toMatchObject({ number: 3, reason: 'restored', by: { name: '陈默' } })
    await admin.expectError('POST', `/quick-replies/${reply.id}/restore`, { number: 9, version: 4 }, 404, 'not_found')
  })

  test('BP-016.4 the second of two editors is told what the first made of it', async () => {
    const reply = await ofHouse({ title: '两人同改' })
    const second = await it.staff('admin')
    const answers = await Promise.all(
      [admin, second].map((client, index) => client.ask('PATCH', `/quick-replies/${reply.id}`, { title: `第${index}人`, version: 1 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const won = answers.find(({ status }) => status === 200)!.body.data.title
    const { error } = answers.find(({ status }) => status === 409)!.body
    expect(error).toMatchObject({ code: 'version_conflict', context: { version: 2, theirs: { title: won, version: 2 } } })
    expect((await versionsOf(reply)).length).toBe(2)
  })

  test('BP-016.4 ten thousand letters stand, one more does not; markup is text', async () => {
    const long = '长'.repeat(10_000)
    expect((await make(agent, { parts: says(long) })).parts).toEqual(says(long))
    await agent.expectError('POST', '/quick-replies', body({ parts: says(`${long}长`) }), 400, 'invalid_request')
    const markup = '<img src=x onerror=alert(1)><b>加粗</b>'
    expect((await make(agent, { parts: says(markup) })).parts).toEqual(says(markup))
    await agent.expectError('POST', '/quick-replies', body({ parts: says('  ') }), 400, 'invalid_request')
    await agent.expectError('POST', '/quick-replies', body({ parts: [] }), 400, 'invalid_request')
  })
})

describe('BP-016.5 variables', () => {
  test('BP-016.5 a variable that nobody defined is refused by name; ours may be written in Chinese', async () => {
    const parts = says('{{客户姓名}}您好，{{单号}}，{{customer.nme}}')
    const context = await agent.expectError('POST', '/quick-replies', body({ parts }), 400, 'variable_unknown')
    expect(context).toMatchObject({ names: ['单号', 'customer.nme'] })
    const own = { name: '单号', kind: 'text', choices: [] }
    const reply = await make(agent, { parts: says('{{客户姓名}}您好，单号 {{单号}}'), variables: [own] })
    expect(reply.parts).toEqual(says('{{customer.name}}您好，单号 {{单号}}'))
    await agent.expectError('PATCH', `/quick-replies/${reply.id}`, { variables: [], version: 1 }, 400, 'variable_unknown')
    const choice = { name: '快递', kind: 'choice', choices: [] }
    await agent.expectError('POST', '/quick-replies', body({ variables: [choice] }), 400, 'invalid_request')
  })
})

describe('BP-016.6 short codes', () => {
  test('BP-016.6 a code is free once in each scope, whatever its case', async () => {
    const code = `Tk${newCode()}`
    await ofHouse({ code })
    await admin.expectError('POST', '/quick-replies', body({ scope: 'global', code: code.toLowerCase() }), 409, 'code_taken')
    const own = await make(agent, { code })
    const other = await make(agent)
    await agent.expectError('PATCH', `/quick-replies/${other.id}`, { code, version: 1 }, 409, 'code_taken')
    expect((await agent.get<QuickReply>(`/quick-replies/${own.id}`)).code).toBe(code)
    await agent.expectError('POST', '/quick-replies', body({ code: '有 空格' }), 400, 'invalid_request')
  })

  test('BP-016.6 two that take a code at once: one gets it', async () => {
    const code = newCode()
    const answers = await Promise.all([1, 2].map(() => admin.ask('POST', '/quick-replies', body({ scope: 'global', code }))))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('BP-016.6 typed in full, one’s own comes before the team’s before the house’s', async () => {
    const code = newCode()
    await ofHouse({ code, title: '全局的' })
    await make(supervisor, { scope: 'team', teamId: team.id, code, title: '团队的' })
    await make(agent, { code, title: '自己的' })
    const found = await suggested(agent, code.toUpperCase())
    expect(found.slice(0, 3).map(({ title, byCode }) => [title, byCode])).toEqual([
      ['自己的', true],
      ['团队的', true],
      ['全局的', true],
    ])
  })

  test('BP-016.6 found by initials, by whole and by mixed 拼音, by words of the text, and with a slip of the finger', async () => {
    await ofHouse({ title: '七天无理由退货', code: 'wlyth', parts: says('签收后保持吊牌完好') })
    for (const q of ['qtwly', 'qitianwuliyou', 'qtwuli', 'tuihuo', '无理由', '吊牌', 'wlyth', 'wlyht', '退货 七天'])
      expect({ q, found: await titles(agent, q) }).toEqual({ q, found: ['七天无理由退货'] })
    expect(await titles(agent, '没有这样的话术')).toEqual([])
  })
})

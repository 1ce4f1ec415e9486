import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DictionaryEntry, ListedEntry } from '../../contract/dictionary.ts'
import type { CompanySettings, PrivacyText } from '../../contract/settings.ts'
import type { AuditEntry } from '../../contract/audit.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { checkEntry, checkFields, companySettings, entriesOf } from '../../modules/settings/index.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'

let it: TestApp
let admin: StaffClient
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  admin = await it.staff('admin', '陈静')
  agent = await it.staff('agent', '林晓')
})
afterAll(() => it.stop())

const code = () => unique('entry').replace('-', '_')
const add = (dictionary: string, more: object = {}) =>
  admin.post<DictionaryEntry>(`/dictionaries/${dictionary}`, { code: code(), labelZh: '甲', labelEn: 'A', ...more })
const list = (dictionary: string, query = '', reader = admin) => reader.get<ListedEntry[]>(`/dictionaries/${dictionary}${query}`)
const labels = async (dictionary: string, query = '') => (await list(dictionary, query)).map(({ labelZh }) => labelZh)
const linesAbout = (id: string) => admin.get<AuditEntry[]>(`/audit-entries?objectId=${id}`)
const inside = <T>(work: Parameters<typeof inTransaction<T, typeof SYSTEM>>[2]) => inTransaction(it.process.app, SYSTEM, work)

describe('MOD-08 an empty installation has lists to begin with', () => {
  test('MOD-08 every list that others choose from has Chinese and English entries in order', async () => {
    for (const dictionary of [
      'business_type',
      'issue_type',
      'priority',
      'region',
      'institution_type',
      'customer_level',
      'skill',
      'language',
    ]) {
      const entries = await list(dictionary)
      expect(entries.length).toBeGreaterThan(2)
      expect(entries.every(({ labelZh, labelEn }) => /\p{Script=Han}/u.test(labelZh) && /^[ -~]+$/.test(labelEn))).toBe(true)
    }
    expect(await labels('priority')).toEqual(['紧急', '高', '中', '低'])
    expect((await list('region')).length).toBe(34)
  })

  test('MOD-08 an issue type belongs to a business type', async () => {
    const businesses = new Set((await list('business_type')).map(({ id }) => id))
    expect((await list('issue_type')).every(({ parentId }) => parentId !== null && businesses.has(parentId))).toBe(true)
    await admin.expectError(
      'POST',
      '/dictionaries/issue_type',
      { code: code(), labelZh: '无主', labelEn: 'Orphan' },
      400,
      'invalid_request',
    )
    const [region] = await list('region')
    const orphan = { code: code(), labelZh: '错主', labelEn: 'Wrong', parentId: region?.id }
    await admin.expectError('POST', '/dictionaries/issue_type', orphan, 400, 'entry_unknown')
  })
})

describe('MOD-08 keeping a list', () => {
  test('MOD-08 an entry is added, translated, coloured and moved; all of it is in the trail', async () => {
    const first = await add('customer_level', { labelZh: '战略客户', labelEn: 'Strategic', color: '#112233' })
    const second = await add('customer_level', { labelZh: '试用客户', labelEn: 'Trial' })
    expect((await labels('customer_level')).slice(-2)).toEqual(['战略客户', '试用客户'])
    const moved = await admin.post<DictionaryEntry>(`/dictionaries/customer_level/${second.id}/move`, {
      before: first.id,
      version: second.version,
    })
    expect((await labels('customer_level')).slice(-2)).toEqual(['试用客户', '战略客户'])
    const renamed = await admin.patch<DictionaryEntry>(`/dictionaries/customer_level/${second.id}`, {
      labelZh: '体验客户',
      color: '#abcdef',
      version: moved.version,
    })
    expect(renamed).toMatchObject({ labelZh: '体验客户', labelEn: 'Trial', color: '#abcdef', version: moved.version + 1 })
    const lines = await linesAbout(second.id)
    expect(lines.map(({ action }) => action)).toEqual(['dictionary.entry_changed', 'dictionary.entry_moved', 'dictionary.entry_created'])
    expect(lines[0]).toMatchObject({
      actor: { kind: 'staff', id: admin.me.id, name: '陈静' },
      before: { labelZh: '试用客户', color: null },
      after: { labelZh: '体验客户', color: '#abcdef' },
    })
  })

  test('MOD-08 what is in use is disabled, not deleted; what refers to it keeps it', async () => {
    const parent = await add('business_type', { labelZh: '上门服务', labelEn: 'On site' })
    const child = await add('issue_type', { labelZh: '上门维修', labelEn: 'On-site repair', parentId: parent.id })
    const uses = (await list('business_type', '?uses=true')).find(({ id }) => id === parent.id)
    expect(uses?.uses).toBe(1)
    const refused = await admin.expectError('DELETE', `/dictionaries/business_type/${parent.id}?version=1`, undefined, 409, 'entry_in_use')
    expect(refused).toEqual({ uses: 1 })
    await admin.patch(`/dictionaries/business_type/${parent.id}`, { disabled: true, version: 1 })
    expect(await labels('business_type')).not.toContain('上门服务')
    expect(await labels('business_type', '?all=true')).toContain('上门服务')
    expect((await list('issue_type')).find(({ id }) => id === child.id)?.parentId).toBe(parent.id)
    await expect(inside((ctx) => checkEntry(ctx, 'business_type', parent.id))).rejects.toMatchObject({ code: 'entry_disabled' })
    expect(await inside((ctx) => checkEntry(ctx, 'business_type', parent.id, parent.id))).toMatchObject({ id: parent.id })
    await admin.ask('DELETE', `/dictionaries/issue_type/${child.id}?version=1`)
    expect((await admin.ask('DELETE', `/dictionaries/business_type/${parent.id}?version=2`)).status).toBe(200)
    expect(await labels('business_type', '?all=true')).not.toContain('上门服务')
  })

  test('MOD-08 the four priorities are fixed, their labels are not', async () => {
    const [urgent] = await list('priority')
    await admin.expectError('POST', '/dictionaries/priority', { code: 'panic', labelZh: '恐慌', labelEn: 'Panic' }, 409, 'entry_built_in')
    await admin.expectError(
      'PATCH',
      `/dictionaries/priority/${urgent?.id}`,
      { disabled: true, version: urgent?.version },
      409,
      'entry_built_in',
    )
    await admin.expectError('DELETE', `/dictionaries/priority/${urgent?.id}?version=${urgent?.version}`, undefined, 409, 'entry_built_in')
    const renamed = await admin.patch<DictionaryEntry>(`/dictionaries/priority/${urgent?.id}`, {
      labelZh: '特急',
      version: urgent?.version,
    })
    expect(renamed).toMatchObject({ code: 'urgent', labelZh: '特急' })
  })
})

describe('MOD-08 custom fields', () => {
  test('MOD-08 values are checked by their definitions: type, choices, required', async () => {
    const grade = await add('customer_field', {
      field: { type: 'select', required: true, choices: [{ value: 'a', labelZh: '甲级', labelEn: 'Grade A' }] },
    })
    const since = await add('customer_field', { field: { type: 'date' } })
    const check = (fields: Record<string, string | number | null>, stored = {}) =>
      inside((ctx) => checkFields(ctx, 'customer_field', fields, stored))
    const faulty = (reason: string, field = grade.code) => ({ code: 'field_invalid', context: { field, reason } })
    expect(await check({ [grade.code]: 'a', [since.code]: '2026-02-28' })).toEqual({ [grade.code]: 'a', [since.code]: '2026-02-28' })
    await expect(check({})).rejects.toMatchObject(faulty('required'))
    await expect(check({ [grade.code]: 'b' })).rejects.toMatchObject(faulty('not_a_choice'))
    await expect(check({ [grade.code]: 'a', [since.code]: '2026-02-30' })).rejects.toMatchObject(faulty('not_a_date', since.code))
    await expect(check({ [grade.code]: 'a', nobody_knows: 1 })).rejects.toMatchObject(faulty('unknown', 'nobody_knows'))
    expect(await check({ [since.code]: null }, { [grade.code]: 'a', [since.code]: '2026-01-01' })).toEqual({ [grade.code]: 'a' })
    await admin.patch(`/dictionaries/customer_field/${grade.id}`, { disabled: true, version: 1 })
    expect(await check({}, { [grade.code]: 'a' })).toEqual({ [grade.code]: 'a' })
  })

  test('MOD-08 a field keeps its type, and its choices are only added to', async () => {
    const choices = [{ value: 'a', labelZh: '甲', labelEn: 'A' }]
    const field = await add('institution_field', { field: { type: 'select', choices } })
    const path = `/dictionaries/institution_field/${field.id}`
    await admin.expectError('PATCH', path, { field: { type: 'text' }, version: 1 }, 400, 'invalid_request')
    const other = [{ value: 'b', labelZh: '乙', labelEn: 'B' }]
    await admin.expectError('PATCH', path, { field: { type: 'select', choices: other }, version: 1 }, 400, 'invalid_request')
    expect(await admin.patch(path, { field: { type: 'select', choices: [...choices, ...other] }, version: 1 })).toMatchObject({
      version: 2,
    })
    await admin.expectError(
      'POST',
      '/dictionaries/skill',
      { code: code(), labelZh: '甲', labelEn: 'A', field: { type: 'text' } },
      400,
      'invalid_request',
    )
  })
})

describe('MOD-08 refusals, replays and races', () => {
  test('MOD-08 everybody on staff reads lists, administrators alone change them', async () => {
    expect((await list('skill', '', agent)).length).toBeGreaterThan(2)
    const [skill] = await list('skill')
    const supervisor = await it.staff('supervisor')
    for (const caller of [agent, supervisor]) {
      await caller.expectError('POST', '/dictionaries/skill', { code: code(), labelZh: '甲', labelEn: 'A' }, 403, 'forbidden')
      await caller.expectError('PATCH', `/dictionaries/skill/${skill?.id}`, { labelZh: '乙', version: 1 }, 403, 'forbidden')
      await caller.expectError('DELETE', `/dictionaries/skill/${skill?.id}?version=1`, undefined, 403, 'forbidden')
      await caller.expectError('GET', '/dictionaries/skill?uses=true', undefined, 403, 'forbidden')
      await caller.expectError('PATCH', '/settings/company', { companyName: '乙', version: 1 }, 403, 'forbidden')
      await caller.expectError('GET', '/settings/privacy-texts', undefined, 403, 'forbidden')
    }
    await it.anonymous().expectError('GET', '/dictionaries/skill', undefined, 401, 'unauthenticated')
  })

  test('MOD-08 the same request again: a code is taken once, a change with an old version changes nothing', async () => {
    const input = { code: code(), labelZh: '甲', labelEn: 'A' }
    const entry = await admin.post<DictionaryEntry>('/dictionaries/skill', input)
    await admin.expectError('POST', '/dictionaries/skill', input, 409, 'code_taken')
    await admin.patch(`/dictionaries/skill/${entry.id}`, { labelZh: '乙', version: 1 })
    await admin.expectError('PATCH', `/dictionaries/skill/${entry.id}`, { labelZh: '丙', version: 1 }, 409, 'version_conflict')
    expect((await admin.ask('DELETE', `/dictionaries/skill/${entry.id}?version=2`)).status).toBe(200)
    await admin.expectError('DELETE', `/dictionaries/skill/${entry.id}?version=2`, undefined, 404, 'not_found')
  })

  test('MOD-08 many who add and move at once leave one order without gaps or ties', async () => {
    const entries = await Promise.all(Array.from({ length: 8 }, () => add('job_title')))
    const last = entries.at(-1)
    await Promise.all(
      entries.slice(0, 7).map(({ id, version }) => admin.ask('POST', `/dictionaries/job_title/${id}/move`, { before: last?.id, version })),
    )
    const positions = (await list('job_title', '?all=true')).map(({ position }) => position)
    expect(positions).toEqual(positions.map((_, index) => index + 1))
    const [first] = entries
    const version = (await list('job_title')).find(({ id }) => id === first?.id)?.version ?? 0
    const answers = await Promise.all(
      ['乙', '丙', '丁'].map((labelZh) => admin.ask('PATCH', `/dictionaries/job_title/${first?.id}`, { labelZh, version })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  test('MOD-08 S17 S18 what does not fit is refused and changes nothing', async () => {
    const good = { code: code(), labelZh: '甲', labelEn: 'A' }
    for (const more of [
      { builtIn: true },
      { id: admin.me.id },
      { position: 1 },
      { code: "a'; drop table accounts" },
      { color: 'red' },
      { labelZh: '' },
    ]) {
      await admin.expectError('POST', '/dictionaries/skill', { ...good, ...more }, 400, 'invalid_request')
    }
    await admin.expectError(
      'POST',
      '/dictionaries/skill',
      '{"__proto__":{"a":1},"code":"x","labelZh":"甲","labelEn":"A"}',
      400,
      'malformed_json',
    )
    await admin.expectError('GET', '/dictionaries/accounts', undefined, 400, 'invalid_request')
    await admin.expectError('GET', "/dictionaries/skill?all=true'--", undefined, 400, 'invalid_request')
    const [region] = await list('region')
    await admin.expectError('PATCH', `/dictionaries/skill/${region?.id}`, { labelZh: '甲', version: 1 }, 404, 'not_found')
  })
})

describe('MOD-08 the company', () => {
  test('MOD-08 name, 备案号 and time zone are changed by version, and the trail keeps both sides', async () => {
    const before = await agent.get<CompanySettings>('/settings/company')
    const after = await admin.patch<CompanySettings>('/settings/company', {
      companyName: '远山科技（杭州）有限公司',
      icpNumber: '浙ICP备2026000001号',
      version: before.version,
    })
    expect(after).toMatchObject({ companyName: '远山科技（杭州）有限公司', timeZone: 'Asia/Shanghai', version: before.version + 1 })
    await admin.expectError('PATCH', '/settings/company', { companyName: '乙', version: before.version }, 409, 'version_conflict')
    await admin.expectError('PATCH', '/settings/company', { timeZone: 'Mars/Olympus', version: after.version }, 400, 'invalid_request')
    const [line] = await admin.get<AuditEntry[]>('/audit-entries?action=company.changed')
    expect(line).toMatchObject({ before: { icpNumber: null }, after: { icpNumber: '浙ICP备2026000001号' } })
    expect(await inside(companySettings)).toMatchObject({ companyName: '远山科技（杭州）有限公司', privacyVersion: 1 })
  })

  test('MOD-08 a privacy text is published as a new version, once, and no old one can be changed', async () => {
    const text = {
      zh: '我们重视您的个人信息，仅用于为您提供客户服务。',
      en: 'Your personal information is used for serving you alone.',
      after: 1,
    }
    const answers = await Promise.all([
      admin.ask('POST', '/settings/privacy-texts', text),
      admin.ask('POST', '/settings/privacy-texts', text),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const versions = await admin.get<PrivacyText[]>('/settings/privacy-texts')
    expect(versions.map(({ version, publishedBy }) => [version, publishedBy])).toEqual([
      [2, admin.me.id],
      [1, null],
    ])
    await expect(it.process.app.db('privacy_texts').where({ version: 1 }).update({ body_zh: '改' })).rejects.toMatchObject({
      code: '42501',
    })
    expect((await inside((ctx) => entriesOf(ctx, 'language'))).length).toBeGreaterThan(2)
  })
})

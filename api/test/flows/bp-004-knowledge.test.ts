/** What was learnt is found while answering. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ArticleDraft, ArticleDraftSummary } from '../../contract/knowledge.ts'
import { type StaffClient, startTestApp, type TestApp } from '../harness.ts'

let it: TestApp
let agent: StaffClient

beforeAll(async () => {
  it = await startTestApp({ roles: ['api'] })
  agent = await it.staff('agent')
})
afterAll(() => it.stop())

const write = (title: string, body: string) => agent.post<ArticleDraft>('/knowledge/drafts', { title, body })
const found = async (q: string, reader = agent) =>
  (await reader.get<ArticleDraftSummary[]>(`/knowledge/drafts?q=${encodeURIComponent(q)}`)).map(({ title }) => title)

test('BP-004.5 an agent finds a solution by words of its title or its text, two characters are enough, and reads it whole', async () => {
  await write('空调不制冷', '先看温度设定，再看滤网，最后看外机是否运转。')
  const { id } = await write('升降桌报错 E07', '拔掉电源十秒，再长按下键重新归位。')
  expect(await found('制冷')).toEqual(['空调不制冷'])
  expect(await found('归位')).toEqual(['升降桌报错 E07'])
  expect(await found('e07 电源')).toEqual(['升降桌报错 E07'])
  expect(await found('滤网 电源')).toEqual([])
  expect(await found('没有写过')).toEqual([])
  expect((await agent.get<ArticleDraft>(`/knowledge/drafts/${id}`)).body).toBe('拔掉电源十秒，再长按下键重新归位。')
  expect(await found('归位', await it.staff('agent'))).toEqual(['升降桌报错 E07'])
})

test('BP-004.5 patterns are plain characters, blanks alone find everything, and bad input is refused', async () => {
  await write('折扣 100% 说明', '全部商品')
  expect(await found('100%')).toEqual(['折扣 100% 说明'])
  expect(await found('%%')).toEqual([])
  expect(await found('_')).toEqual([])
  expect((await found('   ')).length).toBeGreaterThan(1)
  for (const query of ['q=%00', `q=${'x'.repeat(61)}`, 'limit=-1', 'cursor=nonsense', 'sort=title'])
    await agent.expectError('GET', `/knowledge/drafts?${query}`, undefined, 400, 'invalid_request')
  await agent.expectError('GET', '/knowledge/drafts/01930000-0000-7000-8000-0000000000ff', undefined, 404, 'not_found')
})

test('BP-004.5 many are read page by page, newest first', async () => {
  for (const number of [1, 2, 3, 4, 5]) await write(`翻页 ${number}`, '正文')
  const first = await agent.ask('GET', '/knowledge/drafts?q=%E7%BF%BB%E9%A1%B5&limit=3')
  const rest = await agent.ask('GET', `/knowledge/drafts?q=%E7%BF%BB%E9%A1%B5&limit=3&cursor=${first.body.nextCursor}`)
  const titles = [...first.body.data, ...rest.body.data].map(({ title }: ArticleDraftSummary) => title)
  expect(titles).toEqual(['翻页 5', '翻页 4', '翻页 3', '翻页 2', '翻页 1'])
  expect(rest.body.nextCursor).toBeNull()
})

test('BP-004.5 S22 customers and strangers find nothing', async () => {
  await it.anonymous().expectError('GET', '/knowledge/drafts', undefined, 401, 'unauthenticated')
  const web = await it.connectWeb()
  const customer = await it.webCustomer(web.id)
  expect((await customer.ask('GET', '/knowledge/drafts')).status).toBe(401)
})

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { customers, DEMO_PASSWORD, officialAccount, webAccount } from '../../../migrations/seeds/demo.ts'
import { WebCustomer, newAddress } from '../harness.ts'
import { ApiClient } from '../api-client.ts'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** A morning at the desk: three agents, a supervisor, twelve customers on two channels. Each test goes on where the one before ended. */
jest.setTimeout(180_000)

const WEB_CUSTOMERS = 8
/** The one whose story is told to the end. */
const CASE = '网页咨询 1 号'
/** 徐文静: the third agent, who takes the case over. */
const TAKER = 'xu.wenjing'
const AGENTS = ['agent1', 'agent2', TAKER] as const

const invited = z.object({ data: z.object({ invitation: z.object({ id: z.string() }) }) })
const member = z.object({ id: z.string(), version: z.number(), username: z.string() })

let demo: Demo
let browser: Browser
const desks = new Map<string, Page>()
const visitors: WebCustomer[] = []
const faults: string[] = []

const desk = (username: string): Page => {
  const page = desks.get(username)
  if (page === undefined) throw new Error(`${username} is not at his desk`)
  return page
}
async function sitDown(username: string, password = DEMO_PASSWORD): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })).newPage()
  page.on('pageerror', (error) => faults.push(`${username}: ${error.message}`))
  await page.goto(`${demo.url}/login`)
  await page.getByTestId('login-username').fill(username)
  await page.getByTestId('login-password').fill(password)
  await page.getByTestId('login-submit').click()
  await page.getByTestId('presence-switch').waitFor()
  desks.set(username, page)
  return page
}
/** Through the interface, as the administrator gives her one and she makes it her own. */
async function givePassword(username: string, password: string): Promise<void> {
  const own = { 'x-forwarded-for': newAddress(), origin: demo.url }
  const session = async (who: string, secret: string) => {
    const { headers } = await new ApiClient(demo.url, own).ask('POST', '/auth/login', { username: who, password: secret })
    return new ApiClient(demo.url, { ...own, cookie: headers.get('set-cookie')?.split(';')[0] ?? '' })
  }
  const admin = await session('admin', DEMO_PASSWORD)
  const people = z.array(member).parse(await admin.get(`/staff-members?q=${encodeURIComponent('徐文静')}`))
  const found = people.find((person) => person.username === username)
  if (found === undefined) throw new Error(`${username} does not work here`)
  const { initialPassword: initial } = await admin.post<{ initialPassword: string }>(`/staff-members/${found.id}/reset-password`, {
    version: found.version,
  })
  await (await session(username, initial)).put('/me/password', { current: initial, password })
}
async function comeOnline(page: Page): Promise<void> {
  await page.getByTestId('presence-switch').click()
  await page.getByTestId('presence-online').click()
  await page.locator('[data-testid=presence-switch][data-status=online]').waitFor()
}
async function visit(): Promise<WebCustomer> {
  const own = { 'x-forwarded-for': newAddress() }
  const { token } = await new ApiClient(demo.url, own).post<{ token: string }>(`/web/${webAccount.id}/sessions`, {})
  return new WebCustomer(demo.url, own, token)
}
const row = (page: Page, text: string) => page.getByTestId('conversation-row').filter({ hasText: text })
const bubble = (page: Page, text: string) => page.getByTestId('message-bubble').filter({ hasText: text })
const write = async (page: Page, text: string): Promise<void> => {
  await page.getByTestId('composer-input').fill(text)
  await page.getByTestId('composer-send').click()
}
/** The desk at which this stands in the list, whoever it was assigned to. */
const deskWith = (text: string): Promise<Page> =>
  until(async () => {
    for (const name of AGENTS) if ((await row(desk(name), text).count()) > 0) return desk(name)
    throw new Error(`nobody has “${text}”`)
  })

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  for (const username of ['agent1', 'agent2', 'supervisor']) await sitDown(username)
  await givePassword(TAKER, 'a morning at the desk')
  await sitDown(TAKER, 'a morning at the desk')
}, 180_000)
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-003.5 twelve customers write on two channels while nobody is there: they wait in one list, with their clocks', async () => {
  for (let number = 1; number <= WEB_CUSTOMERS; number += 1) {
    const visitor = await visit()
    await visitor.say(`网页咨询 ${number} 号：订单什么时候发货`)
    visitors.push(visitor)
  }
  for (const [index, { openId }] of customers.entries())
    await demo.act(officialAccount.settings.appId, openId, { type: 'text', text: `微信咨询 ${index + 1} 号` })
  const agent = desk('agent1')
  await agent.getByTestId('conversation-tab-queued').click()
  await row(agent, '网页咨询 8 号').waitFor()
  await agent.getByTestId('conversation-tab-mine').click()
})

test('BP-004.1 an agent comes and takes all of them: what routing did not give him he accepts, several at once', async () => {
  const agent = desk('agent1')
  await comeOnline(agent)
  await comeOnline(desk('agent2'))
  // To her it is handed over later: she comes when somebody else has it.
  await deskWith(CASE)
  await comeOnline(desk(TAKER))
  await agent.getByTestId('conversation-tab-queued').click()
  const waiting = row(agent, '网页咨询')
  // Routing gives while he looks, and what it gives leaves the list under his hand: only what stays is his to take.
  const allGiven = await until(async () => expect(await waiting.count()).toBe(0), 10_000).then(
    () => true,
    () => false,
  )
  if (!allGiven) {
    await agent.getByTestId('list-choose').click()
    for (const each of await waiting.all()) await each.click()
    await agent.getByTestId('bulk-accept').click()
  }
  for (const name of AGENTS) await desk(name).getByTestId('conversation-tab-mine').click()
  for (let number = 1; number <= WEB_CUSTOMERS; number += 1) await deskWith(`网页咨询 ${number} 号`)
})

test('BP-012.6 the supervisor moves several from one agent to another, after seeing what would happen', async () => {
  const board = desk('supervisor')
  await board.getByTestId('nav-supervision').click()
  await board.getByTestId('agent-card').filter({ hasText: '林晓' }).click()
  const drawer = board.getByTestId('agent-drawer')
  for (const index of [0, 1]) await drawer.getByTestId('select-row').nth(index).click()
  await drawer.getByTestId('agent-reassign-many').click()
  const dialog = board.getByTestId('assign-dialog')
  await dialog.getByTestId('assign-agent').click()
  await board.getByRole('option').filter({ hasText: '王可' }).click()
  await dialog.getByTestId('assign-summary').waitFor()
  const before = await desk('agent2').getByTestId('conversation-row').count()
  await dialog.getByTestId('assign-save').click()
  await until(async () => expect(await desk('agent2').getByTestId('conversation-row').count()).toBe(before + 2))
})

test('BP-004.6 a conversation is offered to a colleague with a note, who accepts and reads the whole of it', async () => {
  const giver = await deskWith(CASE)
  const taker = desk(TAKER)
  await row(giver, CASE).click()
  await bubble(giver, CASE).waitFor()
  await giver.getByTestId('action-transfer').click()
  await giver.getByTestId('choice').filter({ hasText: '徐文静' }).click()
  await giver.getByTestId('transfer-note').fill('客户急着要，已经查过库存')
  await giver.getByTestId('transfer-submit').click()
  await giver.getByTestId('banner-transfer').waitFor()

  const card = taker.getByTestId('incoming-offer')
  await card.getByText('客户急着要').waitFor()
  await card.getByTestId('offer-accept').click()
  await bubble(taker, '客户急着要').waitFor()
  await bubble(taker, CASE).waitFor()
  await until(async () => {
    if ((await row(giver, CASE).count()) > 0) throw new Error('it still stands in the list of who gave it away')
  })
})

test('BP-004.7 what takes longer becomes a ticket with the customer’s words, and its number reaches him', async () => {
  const agent = desk(TAKER)
  await agent.getByTestId('panel-ticket-add').click()
  await agent.getByTestId('create-title').fill('催发货：查明延误原因')
  await agent.getByTestId('create-mine').click()
  await agent.getByTestId('create-submit').click()
  const ticket = agent.getByTestId('panel-ticket').filter({ hasText: '催发货' })
  await ticket.getByText('来自此会话').waitFor()
  const number = /\d{8}-\d{4}/.exec((await ticket.textContent()) ?? '')?.[0] ?? 'no number'
  await until(async () => {
    const { messages } = await visitors[0]!.history()
    expect(JSON.stringify(messages)).toContain(number)
  })
})

test('BP-004.4 a quick reply asks for what it cannot know, and the customer reads it filled in', async () => {
  const agent = desk(TAKER)
  await agent.getByTestId('composer-input').click()
  await agent.keyboard.type('/退款')
  const picker = agent.getByTestId('quick-reply-picker')
  await picker.getByTestId('quick-reply-option').filter({ hasText: '退款需补充材料' }).click()
  const form = agent.getByTestId('quick-reply-missing')
  await form.getByTestId('missing-缺少的材料').fill('购买发票照片')
  await form.getByTestId('quick-reply-insert').click()
  await agent.waitForFunction(
    (field) => field instanceof HTMLTextAreaElement && field.value.includes('购买发票照片'),
    await agent.getByTestId('composer-input').elementHandle(),
  )
  await agent.getByTestId('composer-send').click()
  await until(async () => {
    const { messages } = await visitors[0]!.history()
    expect(JSON.stringify(messages)).toContain('购买发票照片')
  })
})

test('BP-004.6 a colleague is named in a note, which no customer ever gets', async () => {
  const agent = desk(TAKER)
  await agent.getByTestId('composer-note').click()
  await agent.getByTestId('composer-input').pressSequentially('@周岚')
  await agent.getByTestId('mention-list').getByText('周岚').click()
  await agent.getByTestId('composer-input').pressSequentially('内部：等仓库确认')
  await agent.getByTestId('composer-send').click()
  await bubble(agent, '等仓库确认').waitFor()
  const { messages } = await visitors[0]!.history()
  expect(JSON.stringify(messages)).not.toContain('等仓库确认')
})

test('BP-012 the supervisor whispers: the agent reads it, the customer does not', async () => {
  const agent = desk(TAKER)
  const id = new URL(agent.url()).pathname.split('/').at(-1) ?? ''
  const eye = desk('supervisor')
  await eye.goto(`${demo.url}/workbench/${id}`)
  await eye.getByTestId('whisper-button').or(eye.getByTestId('composer-whisper')).first().click()
  await write(eye, '先道歉，再给时间')
  await bubble(agent, '先道歉').waitFor()
  const { messages } = await visitors[0]!.history()
  expect(JSON.stringify(messages)).not.toContain('先道歉')
})

test('BP-004 what can wait is put aside, and comes back when the customer writes', async () => {
  const agent = desk(TAKER)
  await agent.getByTestId('action-snooze').click()
  await agent.getByTestId('later-word').click()
  await agent.getByTestId('snooze-submit').click()
  await row(agent, '购买发票照片').waitFor({ state: 'detached' })
  await agent.getByTestId('list-view-snoozed').click()
  await row(agent, '购买发票照片').waitFor()
  await agent.getByTestId('list-view-all').click()
  await visitors[0]!.say('怎么样了？')
  await row(agent, '怎么样了').waitFor()
})

test('BP-004.9 at the end the customer is asked and rates, and the agent sees it', async () => {
  const agent = desk(TAKER)
  await row(agent, '怎么样了').click()
  await agent.getByTestId('action-more').click()
  await agent.getByTestId('action-rate').click()
  await agent.getByTestId('rating-state').filter({ hasText: '已邀请评价' }).waitFor()
  const id = new URL(agent.url()).pathname.split('/').at(-1) ?? ''
  const asked: unknown = await agent.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/conversations/${id}/rating`)
  const { data } = invited.parse(asked)
  await visitors[0]!.post('/web/ratings', { invitationId: data.invitation.id, score: 5, reasons: [], comment: '谢谢' })
  await agent.getByTestId('rating-state').filter({ hasText: '评价 5 / 5' }).waitFor()
})

test('BP-004.8 the agent ends it and says what it was about', async () => {
  const agent = desk(TAKER)
  await agent.getByTestId('action-close').click()
  await agent.getByTestId('close-resolved').click()
  await agent.getByTestId('result-resolved').click()
  await agent.getByTestId('wrap-summary').fill('已说明发货时间')
  await agent.getByTestId('close-submit').click()
  await agent.getByTestId('conversation-status').filter({ hasText: '已结束' }).waitFor()
})

test('the pages ran without an error', () => {
  expect(faults).toEqual([])
})

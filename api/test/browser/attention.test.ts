import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { templates, waitingCustomer } from '../../../migrations/seeds/demo.ts'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** What reaches an agent who looks elsewhere, voice from the phone, and a template when the window is shut: each test goes on where the one before ended. */
jest.setTimeout(120_000)

let demo: Demo
let browser: Browser
let desk: BrowserContext
let agent: Page
let phone: Locator
const faults: string[] = []

const bubble = (text: string) => agent.getByTestId('message-bubble').filter({ hasText: text })
const say = async (text: string): Promise<void> => {
  await phone.getByTestId('composer-input').fill(text)
  await phone.getByTestId('composer-send').click()
}

interface Noticed {
  notices: { title: string; body: string }[]
  tones: number
}
const noticed = () => agent.evaluate(() => (globalThis as unknown as { noticed: Noticed }).noticed)

/** Keeps what the page asks of the browser; another window is in front. */
const lookElsewhere = (): void => {
  const kept: Noticed = { notices: [], tones: 0 }
  Object.assign(globalThis, { noticed: kept })
  document.hasFocus = () => false
  const Real = globalThis.Notification
  globalThis.Notification = class extends Real {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      kept.notices.push({ title, body: options?.body ?? '' })
    }
  }
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
    kept.tones += 1
    start.call(this, when)
  }
}

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  desk = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 }, permissions: ['notifications'] })
  agent = await desk.newPage()
  agent.on('pageerror', (error) => faults.push(error.message))
  await agent.addInitScript(lookElsewhere)
  const street = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })).newPage()
  await street.goto(`${demo.url}/simulator`)
  phone = street.getByTestId(`phone-${waitingCustomer}`)
  await phone.scrollIntoViewIfNeeded()
  await agent.goto(demo.url)
  await agent.getByTestId('login-username').fill('agent1')
  await agent.getByTestId('login-password').fill('lianke-demo')
  await agent.getByTestId('login-submit').click()
  await agent.getByTestId('presence-switch').click()
  await agent.getByTestId('presence-online').click()
  await agent.getByTestId('presence-switch').and(agent.locator('[data-status=online]')).waitFor()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-004.1 a message to an agent who looks elsewhere rings and shows on the desktop, with the customer and his words', async () => {
  await agent.getByTestId('conversation-row').filter({ hasText: '张江' }).click()
  await bubble('会议桌').waitFor()
  const before = await noticed()
  await say('请问今天能上门吗')
  await until(async () => {
    const now = await noticed()
    expect(now.notices.slice(before.notices.length)).toContainEqual({
      title: expect.stringContaining(waitingCustomer.slice(-4)) as unknown as string,
      body: '请问今天能上门吗',
    })
    expect(now.tones).toBeGreaterThan(before.tones)
  })
  expect(await agent.title()).toMatch(/\d/)
})

test('BP-005.7 a ticket that the supervisor gives him shows on the desktop, though another window is in front', async () => {
  const office = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
  await office.goto(`${demo.url}/login`)
  await office.getByTestId('login-username').fill('supervisor')
  await office.getByTestId('login-password').fill('lianke-demo')
  await office.getByTestId('login-submit').click()
  await office.getByTestId('presence-switch').waitFor()
  const number = await office.evaluate(async () => {
    const of = async (path: string) =>
      ((await (await fetch(`/api/v1${path}`)).json()) as { data: { id: string; number: string; name: string }[] }).data
    const [ticket] = await of('/tickets?status=unassigned&limit=1')
    const agent = (await of('/staff')).find(({ name }) => name === '林晓')
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ items: [{ id: ticket?.id }], to: { kind: 'agent', accountId: agent?.id } })
    await fetch('/api/v1/tickets/assignments', { method: 'POST', headers, body })
    return ticket?.number ?? ''
  })
  await until(async () => {
    const notice = (await noticed()).notices.find(({ body }) => body.includes(number))
    expect(notice?.title).toBe('收到转来的工单')
  })
  await office.context().close()
})

test('BP-004.1 a voice message from the phone, in a format that no browser plays, plays at the desk', async () => {
  await phone.getByTestId('open-attachments').click()
  await phone.getByTestId('attach-voice').click()
  const voice = agent.getByTestId('message-bubble').locator('.voice').last()
  await voice.locator('.voice__button').click()
  await agent.locator('.voice--playing, .voice--paused').first().waitFor()
  expect(await agent.locator('.voice--failed').count()).toBe(0)
})

test('CH-05 when the window is spent the agent chooses a template of the account, fills it in, and the phone shows it', async () => {
  for (const number of [1, 2, 3, 4, 5]) {
    await agent.getByTestId('composer-input').fill(`第 ${number} 条答复`)
    await agent.getByTestId('composer-send').click()
  }
  await phone.getByText('第 5 条答复').waitFor()
  await agent.getByTestId('window-closed').waitFor()
  await agent.getByTestId('template-button').click()
  const dialog = agent.getByTestId('template-dialog')
  await dialog.getByTestId('template-character_string1').fill('YF20261123')
  await dialog.getByTestId('template-thing2').fill('升降桌')
  await dialog.getByTestId('template-phrase3').fill('已发货')
  expect(await dialog.getByTestId('template-send').isEnabled()).toBe(false)
  await dialog.getByTestId('template-thing4').fill('师傅会先电话联系')
  expect(await dialog.getByTestId('template-preview').textContent()).toContain('商品名称：升降桌')
  await dialog.getByTestId('template-send').click()
  const card = phone.getByTestId('message-template').filter({ hasText: templates[0].title })
  await card.waitFor()
  expect(await card.textContent()).toContain('YF20261123')
  await bubble('商品名称：升降桌').waitFor()
})

test('the pages ran without an error', () => {
  expect(faults).toEqual([])
})

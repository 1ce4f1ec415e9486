import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { customers, waitingCustomer } from '../../../migrations/seeds/demo.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** One story from the first word to the closed window: each test goes on where the one before ended. */
jest.setTimeout(120_000)

let demo: Demo
let browser: Browser
let desk: BrowserContext
let agent: Page
let phone: Locator
let phonePage: Page
const faults: string[] = []

const bubble = (text: string) => agent.getByTestId('message-bubble').filter({ hasText: text })

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  desk = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
  agent = await desk.newPage()
  agent.on('pageerror', (error) => faults.push(error.message))
  const street = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
  phonePage = await street.newPage()
  await phonePage.goto(`${demo.url}/simulator`)
  phone = phonePage.getByTestId(`phone-${waitingCustomer}`)
  await phone.scrollIntoViewIfNeeded()
}, 120_000)

afterAll(async () => {
  await browser.close()
  await demo.stop()
})

async function say(text: string): Promise<void> {
  await phone.getByTestId('composer-input').fill(text)
  await phone.getByTestId('composer-send').click()
}

async function answer(text: string): Promise<void> {
  await agent.getByTestId('composer-input').fill(text)
  await agent.getByTestId('composer-send').click()
}

test('BP-002.1 an agent signs in with the demo password and comes online', async () => {
  await agent.goto(demo.url)
  await agent.getByTestId('login-username').fill('agent1')
  await agent.getByTestId('login-password').fill('lianke-demo')
  await agent.getByTestId('login-submit').click()
  await agent.getByTestId('presence-switch').click()
  await agent.getByTestId('presence-online').click()
  await agent.getByTestId('conversation-row').filter({ hasText: '张江' }).click()
  await bubble('会议桌').waitFor()
})

test('BP-004.1 what a customer writes and photographs in WeChat stands on the agent’s screen', async () => {
  await say('我在地铁上，麻烦快一点')
  await bubble('我在地铁上').waitFor({ timeout: 5000 })
  await phone.getByTestId('open-attachments').click()
  await phone.getByTestId('attach-image').click()
  const picture = agent.getByTestId('message-bubble').locator('img[src*="/api/v1/attachments/"]').last()
  await picture.waitFor()
})

test('BP-004.1 the row of a conversation that is not open shows the new words and counts them at once', async () => {
  const other = phonePage.getByTestId(`phone-${customers[1]?.openId}`)
  await other.getByTestId('composer-input').fill('桌子又停了，急')
  await other.getByTestId('composer-send').click()
  // Sooner than the beacon that would heal a lost push.
  await agent.getByTestId('conversation-row').filter({ hasText: '桌子又停了' }).waitFor({ timeout: 3000 })
})

test('BP-004.1 the agent’s words and his file reach the phone, the file as a link that opens without signing in', async () => {
  await answer('可以上门量，周三下午行吗？')
  await phone.getByText('可以上门量，周三下午行吗？').waitFor()
  await agent
    .getByTestId('composer-file-input')
    .setInputFiles({ name: '量尺须知.txt', mimeType: 'text/plain', buffer: Buffer.from('请清空桌面。') })
  await agent.getByTestId('upload-tray').getByText('量尺须知').waitFor()
  await agent.getByTestId('composer-send').click()
  const link = phone.getByTestId('message-link').filter({ hasText: '/files/' })
  await link.waitFor()
  const file = await fetch(String(await link.textContent()))
  expect(file.status).toBe(200)
  expect(file.headers.get('content-disposition')).toContain('attachment')
  expect(await file.text()).toBe('请清空桌面。')
})

test('BP-004.1 ten seconds without network lose nothing, and what was typed meanwhile goes out once', async () => {
  await desk.setOffline(true)
  const lostAt = Date.now()
  await say('断网时的第一句')
  await answer('离线时写的回复')
  await agent.getByTestId('connection-banner').waitFor({ timeout: 20_000 })
  await say('断网时的第二句')
  await agent.waitForFunction((since) => Date.now() - since > 10_000, lostAt)
  await desk.setOffline(false)
  await bubble('断网时的第一句').waitFor({ timeout: 30_000 })
  await bubble('断网时的第二句').waitFor()
  await phone.getByText('离线时写的回复').waitFor({ timeout: 30_000 })
  expect(await bubble('断网时的第一句').count()).toBe(1)
  expect(await bubble('断网时的第二句').count()).toBe(1)
  expect(await phone.getByText('离线时写的回复').count()).toBe(1)
})

test('CH-01 a message that the platform delivers twice stands there once', async () => {
  await demo.command({ command: 'add_callback_fault', fault: 'duplicate' })
  await say('这句会被平台投递两次')
  await bubble('这句会被平台投递两次').waitFor()
  await say('这是后面的一句')
  await bubble('这是后面的一句').waitFor()
  expect(await bubble('这句会被平台投递两次').count()).toBe(1)
})

test('CH-05 when the window closes the composer says so, and what is kept goes out when the customer writes', async () => {
  for (const number of [1, 2, 3, 4, 5]) await answer(`第 ${number} 条答复`)
  await phone.getByText('第 5 条答复').waitFor()
  await agent.getByTestId('window-closed').waitFor()
  await agent.getByTestId('hold-button').click()
  await answer('等您来信时再送达')
  await agent.locator('[data-testid=message-bubble][data-state=held]').filter({ hasText: '等您来信时再送达' }).waitFor()
  await say('我又来了')
  await phone.getByText('等您来信时再送达').waitFor()
  await agent.locator('[data-testid=message-bubble][data-state=sent]').filter({ hasText: '等您来信时再送达' }).waitFor()
})

test('the pages ran without an error', () => {
  expect(faults).toEqual([])
})

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { webAccount } from '../../../migrations/seeds/demo.ts'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** One story: an agent invites somebody, who registers on his phone and talks; each test goes on where the one before ended. */
jest.setTimeout(120_000)

let demo: Demo
let browser: Browser
let desk: BrowserContext
let agent: Page
let phone: Page
let inviteUrl = ''
const faults: string[] = []
const NUMBER = '13912345678'
const PASSWORD = '出差记得带上雨伞和充电器'

const PHONE = { locale: 'zh-CN', viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true }
const open = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  return page
}

/** The newest code to this number, as the simulator's page shows it. */
const codeTo = (number: string, older: string | null = null): Promise<string> =>
  until(async () => {
    const answer = await fetch(`${demo.url}/simulator/api/sms`)
    const { data } = (await answer.json()) as { data: { phone: string; code: string | null }[] }
    const code = data.find((sms) => sms.phone === `+86${number}`)?.code ?? null
    if (code === null || code === older) throw new Error('no code yet')
    return code
  })

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  desk = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
  agent = await open(desk)
  phone = await open(await browser.newContext(PHONE))
}, 180_000)
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-001.1 an agent makes a registration link with its QR picture, and copies its address', async () => {
  await agent.goto(`${demo.url}/login`)
  await agent.getByTestId('login-username').fill('agent1')
  await agent.getByTestId('login-password').fill('lianke-demo')
  await agent.getByTestId('login-submit').click()
  await agent.getByTestId('presence-switch').click()
  await agent.getByTestId('presence-online').click()
  await agent.getByTestId('nav-registration').click()
  await agent.getByTestId('link-add').first().click()
  await agent.getByTestId('link-label').fill('上门客户')
  await agent.getByTestId('link-make').click()
  inviteUrl = (await agent.getByTestId('link-url').textContent()) ?? ''
  expect(inviteUrl).toMatch(/\/join\/[\w-]{24}$/)
  await agent.getByTestId('link-create').locator('svg[role="img"]').waitFor()
  await agent.getByTestId('link-done').click()
})

test('BP-001.2 BP-001.4 a customer registers by the link on a phone-sized page, agrees to the privacy text, and says who he is', async () => {
  await phone.goto(`${demo.url}${new URL(inviteUrl).pathname}`)
  await phone.getByTestId('join-invitation').waitFor()
  await phone.getByTestId('login-phone').fill(NUMBER)
  await phone.getByTestId('send-code').click()
  await phone.getByTestId('login-code').fill(await codeTo(NUMBER))
  await phone.getByTestId('login-submit').click()
  // Not without having agreed.
  await phone.getByTestId('login-error').getByText('隐私政策').waitFor()
  await phone.getByTestId('consent').check()
  await phone.getByTestId('login-submit').click()
  await phone.getByTestId('profile-name').fill('赵敏')
  await phone.getByTestId('profile-organisation').fill('远山科技')
  await phone.getByTestId('profile-save').click()
  await phone.getByTestId('chat-input').waitFor()
  expect(new URL(phone.url()).pathname).toBe(`/chat/${webAccount.id}`)
  const width = await phone.evaluate<number>('document.documentElement.scrollWidth')
  expect(width).toBeLessThanOrEqual(375)
})

test('BP-001.3 he talks to an agent at once', async () => {
  await phone.getByTestId('chat-input').fill('你好，我刚注册，想看看升降桌')
  await phone.getByTestId('chat-send').click()
  await agent.getByTestId('nav-workbench').click()
  await agent.getByTestId('conversation-row').filter({ hasText: '赵敏' }).click()
  await agent.getByTestId('message-bubble').filter({ hasText: '我刚注册' }).waitFor()
  await agent.getByTestId('composer-input').fill('您好赵女士，这就为您介绍')
  await agent.getByTestId('composer-send').click()
  await phone.getByText('您好赵女士，这就为您介绍', { exact: true }).waitFor()
})

test('BP-001.1 somebody else with the same one-use link is told that it is used up', async () => {
  const other = await open(await browser.newContext(PHONE))
  await other.goto(`${demo.url}${new URL(inviteUrl).pathname}`)
  await other.getByTestId('join-problem').waitFor()
  expect(await other.getByTestId('join-problem').getAttribute('data-code')).toBe('link_used_up')
  await other.context().close()
})

test('BP-002.1 BP-002.2 he sets a password, and signs in with it on another device, where all he wrote stands', async () => {
  await phone.getByTestId('account-button').click()
  await phone.getByTestId('password-open').click()
  await phone.getByTestId('new-password').fill(PASSWORD)
  await phone.getByTestId('password-save').click()
  await phone.getByText('密码已更新').waitFor()
  const other = await open(await browser.newContext(PHONE))
  await other.goto(`${demo.url}/chat/${webAccount.id}`)
  await other.getByTestId('account-button').click()
  await other.getByTestId('login-by-password').click()
  await other.getByTestId('login-phone').fill(NUMBER)
  await other.getByTestId('login-password').fill(PASSWORD)
  await other.getByTestId('consent').check()
  await other.getByTestId('login-submit').click()
  await other.getByText('我刚注册').waitFor()
  // He is shown both, and signs the other one out.
  await other.getByTestId('account-button').click()
  await other.getByTestId('device-out').click()
  await until(async () => expect(await other.getByTestId('device-out').count()).toBe(0))
  await other.context().close()
})

test('the page that was signed out elsewhere shows nothing of his any more', async () => {
  await phone.reload()
  await phone.getByTestId('chat-input').waitFor()
  await until(async () => expect(await phone.getByText('我刚注册').count()).toBe(0))
})

test('no page has thrown anything', () => {
  expect(faults).toEqual([])
})

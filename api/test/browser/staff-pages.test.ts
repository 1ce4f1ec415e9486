import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { customers } from '../../../migrations/seeds/demo.ts'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** A supervisor's morning: three ways in, a team, whom it serves, and two records that are one person. */
jest.setTimeout(120_000)

const NUMBER = '13800138012'
let demo: Demo
let browser: Browser
let page: Page
const faults: string[] = []

/** Somebody with a browser of his own. */
async function open(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } })
  const fresh = await context.newPage()
  fresh.on('pageerror', (error) => faults.push(error.message))
  return fresh
}
const signedIn = (who: Page) => who.getByTestId('presence-switch').waitFor()
const onWeChat = () => customers[2]?.openId ?? ''

/** He points his phone at the code, and confirms what the account asks him there. */
async function scanAndConfirm(phones: Page, asked: number): Promise<void> {
  await demo.scanNewestCode(onWeChat())
  const confirm = phones.getByTestId(`phone-${onWeChat()}`).getByTestId(/^option-login-yes/)
  await confirm.nth(asked - 1).click()
}

/** The newest code to the supervisor's number, as the simulator's page shows it. */
const smsCode = (): Promise<string> =>
  until(async () => {
    const { data } = (await (await fetch(`${demo.url}/simulator/api/sms`)).json()) as { data: { phone: string; code: string | null }[] }
    const code = data.find((sms) => sms.phone === `+86${NUMBER}`)?.code
    if (!code) throw new Error('no code yet')
    return code
  })

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  page = await open()
}, 180_000)
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-002.1 a supervisor signs in with user name and password', async () => {
  await page.goto(`${demo.url}/login`)
  await page.getByTestId('login-username').fill('supervisor')
  await page.getByTestId('login-password').fill('lianke-demo')
  await page.getByTestId('login-submit').click()
  await signedIn(page)
})

test('BP-002.3 he binds his WeChat, and another browser signs in by scanning', async () => {
  await page.goto(`${demo.url}/account`)
  await page.getByTestId('bind-wechat').click()
  await page.getByTestId('wechat-password').fill('lianke-demo')
  await page.getByTestId('wechat-next').click()
  await page.getByTestId('scan-code').locator('svg[role="img"]').waitFor()
  const phones = await open()
  await phones.goto(`${demo.url}/simulator`)
  await scanAndConfirm(phones, 1)
  await page.getByTestId('unbind-wechat').waitFor()
  const other = await open()
  await other.goto(`${demo.url}/login`)
  await other.getByRole('tab', { name: '微信扫码' }).click()
  await other.getByTestId('scan-code').locator('svg[role="img"]').waitFor()
  await scanAndConfirm(phones, 2)
  await signedIn(other)
  for (const done of [other, phones]) await done.context().close()
})

test('BP-002.2 and with a code that comes to his phone', async () => {
  const other = await open()
  await other.goto(`${demo.url}/login`)
  await other.getByRole('tab', { name: '验证码登录' }).click()
  await other.getByTestId('login-phone').fill(NUMBER)
  await other.getByTestId('send-code').click()
  await other.getByTestId('code').fill(await smsCode())
  await other.getByTestId('login-submit').click()
  await signedIn(other)
  await other.context().close()
})

test('BP-007.1 BP-007.2 he makes a team and leads it', async () => {
  await page.goto(`${demo.url}/teams`)
  await page.getByTestId('team-add').click()
  await page.getByTestId('team-name').fill('展会接待组')
  await page.getByTestId('team-create').getByTestId('person-picker').click()
  await page.getByRole('option', { name: /周岚/ }).click()
  await page.getByTestId('team-create-save').click()
  await page.getByTestId('team-create').waitFor({ state: 'hidden' })
  await page.goto(`${demo.url}/teams`)
  await page.getByTestId('team-row').filter({ hasText: '展会接待组' }).waitFor()
})

test('BP-008.1 BP-008.2 BP-008.6 the team serves a customer from now on', async () => {
  await page.goto(`${demo.url}/teams/relations`)
  await page.getByTestId('relation-add').click()
  const dialog = page.getByTestId('relation-dialog')
  await dialog.getByTestId('relation-subjects').click()
  await page.keyboard.type('汤圆圆')
  await page.getByRole('option', { name: /汤圆圆/ }).click()
  await page.keyboard.press('Escape')
  await dialog.getByTestId('relation-team').click()
  await page.getByRole('option', { name: '展会接待组' }).click()
  await page.getByTestId('relation-save').click()
  await dialog.waitFor({ state: 'hidden' })
  const row = page.locator('tr', { has: page.getByTestId('relation-row').filter({ hasText: '汤圆圆' }) })
  await row.filter({ hasText: '展会接待组' }).waitFor()
})

test('MOD-07 two records of one person are merged, and parted again', async () => {
  for (const name of ['顾一鸣', '顾一鸣二'])
    expect((await page.request.post(`${demo.url}/api/v1/customers`, { data: { name }, headers: { origin: demo.url } })).status()).toBe(201)
  await page.goto(`${demo.url}/customers`)
  await page.getByTestId('customer-search').fill('顾一鸣')
  const rows = page.locator('tr', { has: page.getByTestId('customer-row').filter({ hasText: '顾一鸣' }) })
  // Both stand in the whole list too, and what is ticked there is forgotten when the search answers.
  await until(async () => expect(await page.getByTestId('customer-row').count()).toBe(2))
  for (const at of [0, 1]) await rows.nth(at).locator('.el-checkbox').click()
  await page.getByTestId('bulk-merge').click()
  await page.getByTestId('merge-apply').click()
  await page.getByTestId('merge-result').waitFor()
  await page.getByTestId('merge-undo-now').click()
  await page.getByTestId('merge-dialog').waitFor({ state: 'hidden' })
  await until(async () => expect(await rows.count()).toBe(2))
})

test('no page has thrown anything', () => {
  expect(faults).toEqual([])
})

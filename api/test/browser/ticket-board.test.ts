import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** The board as two supervisors have it before them; each test goes on where the one before ended. */
jest.setTimeout(120_000)

const TITLE = '新员工账号批量开通'
let demo: Demo
let browser: Browser
let mine: Page
let theirs: Page
const faults: string[] = []

const column = (page: Page, status: string): Locator => page.locator(`[data-cell="none ${status}"]`)
const card = (page: Page, status: string): Locator => column(page, status).getByTestId('board-card').filter({ hasText: TITLE })
const headOf = (page: Page, status: string): Locator => page.locator(`[data-testid="board-column"][data-column="${status}"]`)
const countIn = async (page: Page, status: string): Promise<number> =>
  Number(await headOf(page, status).getByTestId('column-count').textContent())

async function openBoard(username: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1700, height: 900 } })).newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${demo.url}/login`)
  await page.getByTestId('login-username').fill(username)
  await page.getByTestId('login-password').fill('lianke-demo')
  await page.getByTestId('login-submit').click()
  await page.getByTestId('presence-switch').waitFor()
  await page.goto(`${demo.url}/tickets/board`)
  await card(page, 'unassigned').waitFor()
  return page
}

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
  ;[mine, theirs] = await Promise.all([openBoard('supervisor'), openBoard('admin')])
}, 240_000)
afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-013.1 board by drag with a refused move: the card goes back, and what is possible instead is said', async () => {
  const waiting = await countIn(mine, 'unassigned')
  await card(mine, 'unassigned').dragTo(column(mine, 'awaiting_confirmation'))
  const refusal = mine.getByRole('alert').filter({ hasText: '没有移动' })
  await refusal.waitFor()
  const words = (await refusal.textContent()) ?? ''
  expect(words).toContain('工单不能从当前状态直接变为所选状态')
  expect(words).toContain('继续处理')
  await card(mine, 'unassigned').waitFor()
  expect(await card(mine, 'awaiting_confirmation').count()).toBe(0)
  expect(await countIn(mine, 'unassigned')).toBe(waiting)
})

test('BP-013.1 an allowed move sticks, also dropped on the heading; the other supervisor’s board follows by itself', async () => {
  await card(mine, 'unassigned').dragTo(headOf(mine, 'in_progress'))
  await card(mine, 'in_progress').waitFor()
  await card(theirs, 'in_progress').waitFor()
  expect(await card(theirs, 'unassigned').count()).toBe(0)
  await until(async () => expect(await card(theirs, 'in_progress').textContent()).toContain('周岚'))
  await mine.reload()
  await card(mine, 'in_progress').waitFor()
})

test('BP-013.1 a state that asks for something asks for it: left unanswered the card goes back, answered it moves', async () => {
  const drag = () => card(mine, 'in_progress').dragTo(column(mine, 'resolved'))
  await drag()
  await mine.getByTestId('move-dialog').waitFor()
  await mine.keyboard.press('Escape')
  await card(mine, 'in_progress').waitFor()
  await drag()
  await mine.getByTestId('move-solution').fill('账号已开通')
  await mine.getByTestId('move-submit').click()
  await card(mine, 'resolved').waitFor()
  await card(theirs, 'resolved').waitFor()
})

test('no page has thrown anything', () => {
  expect(faults).toEqual([])
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './launch.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('the browser of the tests draws Chinese characters, not empty boxes', async () => {
  const page = await browser.newPage()
  await page.setContent('<p style="font-size:40px"><span id="a">客</span><span id="b">服</span></p>')
  const [one, other] = await Promise.all([page.locator('#a').screenshot(), page.locator('#b').screenshot()])
  // Without a font both would be the same box.
  expect(one.equals(other)).toBe(false)
})

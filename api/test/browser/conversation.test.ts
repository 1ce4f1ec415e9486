import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { customers, DEMO_PASSWORD, webAccount } from '../../../migrations/seeds/demo.ts'
import { ApiClient } from '../api-client.ts'
import { newAddress, WebCustomer } from '../harness.ts'
import { until } from '../until.ts'
import { type Demo, startDemo } from './demo.ts'
import { launchBrowser } from './launch.ts'

/** One conversation at the desk: what can be put into an answer on two channels, and what is shown when lines and words are bad. The browser plays the microphone. */
jest.setTimeout(120_000)

let demo: Demo
let browser: Browser
let agent: Page
let phone: Locator
let visitor: WebCustomer
const faults: string[] = []
/** Scripts and codecs that the workbench has fetched. */
const fetched: string[] = []

const row = (text: string) => agent.getByTestId('conversation-row').filter({ hasText: text })
const bubbles = () => agent.getByTestId('message-bubble')
const sent = (text: string) => agent.locator('[data-testid=message-bubble][data-state=sent]').filter({ hasText: text })
const send = () => agent.getByTestId('composer-send').click()

/** Somebody at another desk, without a page. */
async function session(username: string): Promise<ApiClient> {
  const own = { 'x-forwarded-for': newAddress(), origin: demo.url }
  const { headers } = await new ApiClient(demo.url, own).ask('POST', '/auth/login', { username, password: DEMO_PASSWORD })
  return new ApiClient(demo.url, { ...own, cookie: headers.get('set-cookie')?.split(';')[0] ?? '' })
}

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
  const desk = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 }, permissions: ['microphone'] })
  agent = await desk.newPage()
  agent.on('pageerror', (error) => faults.push(error.message))
  agent.on('request', (request) => fetched.push(request.url()))
  await agent.goto(`${demo.url}/login`)
  await agent.getByTestId('login-username').fill('agent1')
  await agent.getByTestId('login-password').fill(DEMO_PASSWORD)
  await agent.getByTestId('login-submit').click()
  await agent.getByTestId('presence-switch').click()
  await agent.getByTestId('presence-online').click()
  const street = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })).newPage()
  await street.goto(`${demo.url}/simulator`)
  phone = street.getByTestId(`phone-${customers[1]?.openId}`)
  const own = { 'x-forwarded-for': newAddress() }
  const { token } = await new ApiClient(demo.url, own).post<{ token: string }>(`/web/${webAccount.id}/sessions`, {})
  visitor = new WebCustomer(demo.url, own, token)
}, 120_000)

afterAll(async () => {
  await browser.close()
  await demo.stop()
})

test('BP-004.1 CH-01 a voice is recorded with the keyboard alone, heard before it goes, and plays on the customer’s phone', async () => {
  await row('李强').click()
  await bubbles().filter({ hasText: 'E07' }).first().waitFor()
  await agent.getByTestId('composer-audio').focus()
  expect(fetched.filter((url) => url.includes('mp3'))).toEqual([])
  await agent.keyboard.press('Enter')
  const recorder = agent.locator('[data-testid=voice-recorder][data-state=recording]')
  // Each second stands there for a second only: two or more will do.
  await recorder.getByText(/^0:(0[2-9]|[1-5]\d)$/).waitFor()
  // The focus stands on 「录好了」.
  await agent.keyboard.press('Enter')
  const tray = agent.locator('[data-testid=upload-tray] [data-state=done]')
  await tray.getByRole('button', { name: '播放语音' }).waitFor()
  expect(fetched.some((url) => url.includes('mp3'))).toBe(true)
  // And then in the text again, where Enter sends.
  await agent.getByTestId('composer-input').and(agent.locator(':focus')).waitFor()
  await agent.keyboard.press('Enter')
  const voice = phone.getByTestId('message-voice').last()
  await voice.waitFor()
  const answer = await fetch(await voice.locator('audio').evaluate((player: HTMLAudioElement) => player.src))
  expect(answer.headers.get('content-type')).toContain('audio/mpeg')
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(4_000)
  const own = agent.locator('[data-testid=message-bubble][data-state=sent]').last()
  await own.getByRole('button', { name: '播放语音' }).click()
  // It may be over before anybody looks.
  await own.locator('.voice--playing, .voice--paused').waitFor()
})

test('BP-004.1 a recording that is given up leaves nothing, and the conversation stays open', async () => {
  await agent.getByTestId('composer-audio').click()
  await agent.locator('[data-testid=voice-recorder][data-state=recording]').waitFor()
  await agent.keyboard.press('Escape')
  await agent.getByTestId('voice-recorder').waitFor({ state: 'detached' })
  await agent.getByTestId('composer-input').and(agent.locator(':focus')).waitFor()
  expect(await agent.getByTestId('upload-tray').count()).toBe(0)
})

test('BP-004.1 CH-01 a mini program and a link go out as cards; what is missing is said before anything leaves', async () => {
  await agent.getByTestId('composer-card').focus()
  await agent.keyboard.press('Enter')
  const dialog = agent.getByTestId('card-dialog')
  await dialog.getByTestId('card-field-title').fill('预约上门检修')
  await dialog.getByTestId('card-field-appId').fill('wx0123456789abcdef')
  await agent.keyboard.press('Enter')
  await dialog.getByTestId('card-problem').filter({ hasText: '小程序页面路径' }).waitFor()
  await dialog.getByTestId('card-field-pagePath').fill('pages/repair/index')
  await agent.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await agent.getByTestId('composer-link').click()
  const link = agent.getByTestId('part-dialog')
  await link.getByTestId('part-title').fill('升降桌说明书')
  await link.getByTestId('part-url').fill('javascript:alert(1)')
  await agent.keyboard.press('Enter')
  await link.getByRole('alert').waitFor()
  await link.getByTestId('part-url').fill('https://example.com/desk')
  await agent.keyboard.press('Enter')
  await link.waitFor({ state: 'hidden' })
  await agent.getByTestId('attached-tray').getByText('升降桌说明书').waitFor()
  await send()
  await sent('预约上门检修').waitFor()
  await phone.getByText('预约上门检修').waitFor()
  const news = phone.getByTestId('message-news').filter({ hasText: '升降桌说明书' })
  expect(decodeURIComponent(String(await news.getAttribute('href')))).toContain('https://example.com/desk')
})

test('BP-004.1 a place is offered where the channel carries one, and a card where it does not is not', async () => {
  expect(await agent.getByTestId('composer-location').count()).toBe(0)
  await visitor.say('你们的展厅在哪里？')
  await row('展厅在哪里').click()
  await agent.getByTestId('composer-location').click()
  expect(await agent.getByTestId('composer-card').count()).toBe(0)
  const dialog = agent.getByTestId('part-dialog')
  await dialog.getByTestId('part-label').fill('云帆办公展厅')
  await dialog.getByTestId('part-point').fill('31.2304，121.4737')
  await dialog.getByTestId('part-attach').click()
  await agent.getByTestId('attached-tray').getByText('云帆办公展厅').waitFor()
  await send()
  const place = await until(async () => {
    const { messages } = await visitor.history()
    const found = messages.flatMap(({ parts }) => parts).find(({ type }) => type === 'location')
    if (found === undefined) throw new Error('no place yet')
    return found
  })
  expect(place).toMatchObject({ type: 'location', latitude: 31.2304, longitude: 121.4737, label: '云帆办公展厅' })
})

test('BP-004.5 what was learnt is found beside the conversation by a word of its text, read there, and quoted in the answer', async () => {
  const drafted: unknown = await agent.evaluate(async () => {
    const body = JSON.stringify({ title: '升降桌报错 E07', body: '拔掉电源十秒，再长按下键重新归位。' })
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/v1/knowledge/drafts', { method: 'POST', headers, body })).status
  })
  expect(drafted).toBe(201)
  await row('李强').click()
  const panel = agent.getByTestId('panel-knowledge')
  await panel.getByTestId('knowledge-search').fill('没有这样的文章')
  await panel.getByTestId('knowledge-none').waitFor()
  await panel.getByTestId('knowledge-search').fill('归位')
  await panel.getByTestId('knowledge-draft').filter({ hasText: '升降桌报错 E07' }).click()
  await panel.getByTestId('knowledge-insert').click()
  expect(await agent.getByTestId('composer-input').inputValue()).toBe('拔掉电源十秒，再长按下键重新归位。')
  await send()
  await phone.getByText('再长按下键重新归位').waitFor()
})

test('F14 what is said while the conversation is being fetched, and taken back while the line is cut, stands there as it is', async () => {
  await row('李强').click()
  const wrong = '这句话马上撤回'
  const place = row('云帆办公展厅')
  const id = (await visitor.history()).conversation?.id ?? ''
  const fetching = new RegExp(`/conversations/${id}/messages\\?`)
  // The answer to what is fetched is as old as the request, and comes after the push of what was said meanwhile.
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await agent.route(
    fetching,
    async (route) => {
      const answer = await route.fetch()
      await held
      await route.fulfill({ response: answer })
    },
    { times: 1 },
  )
  const asked = agent.waitForRequest(fetching)
  await place.click()
  await asked
  await visitor.say('取数时来的一句')
  await row('取数时来的一句').waitFor()
  release()
  await bubbles().filter({ hasText: '取数时来的一句' }).waitFor()

  await agent.getByTestId('composer-input').fill(wrong)
  await send()
  await bubbles().filter({ hasText: wrong }).waitFor()
  // On screen it stands before it is stored.
  const seq = await until(async () => {
    const found = (await visitor.history()).messages.findLast(({ parts }) => JSON.stringify(parts).includes(wrong))
    if (found === undefined) throw new Error('not stored yet')
    return found.seq
  })
  const other = await session('agent1')
  await agent.context().setOffline(true)
  await other.post(`/conversations/${id}/messages/${seq}/recall`)
  await visitor.say('断线时来的一句')
  await agent.context().setOffline(false)
  await bubbles().filter({ hasText: '断线时来的一句' }).waitFor()
  await until(async () => expect(await bubbles().filter({ hasText: wrong }).count()).toBe(0))
  await until(async () => expect(await bubbles().filter({ hasText: '取数时来的一句' }).count()).toBe(1))
})

test('S4 markup and scripts in words, file names and titles are shown as text, and no address of a script can be followed', async () => {
  const markup = '<img src=x onerror="window.broken=1">'
  const page = await agent.evaluateHandle(() => window)
  await visitor.say(`${markup} javascript:window.broken=1 [点我](javascript:window.broken=1)`)
  const id = (await visitor.history()).conversation?.id ?? ''
  const upload = await visitor.upload('/web/attachments', { name: `${markup}.txt`, data: '文字' })
  await visitor.say([{ type: 'file', attachmentId: upload.body.data.id }])
  const device = await session('agent1')
  await device.post('/quick-replies', { scope: 'personal', title: markup, code: 'xss', parts: [{ type: 'text', text: markup }] })
  await device.post(`/conversations/${id}/notes`, { clientKey: `note-${id}`, text: markup })
  await row('onerror').or(row('.txt')).first().click()
  await bubbles().filter({ hasText: 'javascript:window.broken=1' }).first().waitFor()
  await bubbles().filter({ hasText: '.txt' }).first().waitFor()
  await agent.getByTestId('composer-input').fill('/xss')
  await agent.getByTestId('quick-reply-option').filter({ hasText: 'onerror' }).waitFor()
  await agent.keyboard.press('Escape')
  expect(await page.evaluate((window) => 'broken' in window)).toBe(false)
  expect(await agent.locator('a[href^="javascript" i], [onerror], img[src="x"]').count()).toBe(0)
  const { headers } = await fetch(`${demo.url}/login`)
  expect(/script-src ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1]).toBe("'self' 'wasm-unsafe-eval'")
})

test('BP-004.6 away from the desk, on a page the size of a phone, one reads, answers and passes a conversation on', async () => {
  const colleague = await session('agent2')
  await colleague.put('/me/presence', { status: 'online' })
  const state = await agent.context().storageState()
  const pocket = await browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 375, height: 720 },
    hasTouch: true,
    isMobile: true,
    storageState: state,
  })
  const page = await pocket.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await visitor.say('下午还能看展厅吗？')
  const { conversation } = await visitor.history()
  await page.goto(`${demo.url}/workbench`)
  await page.getByTestId('conversation-row').filter({ hasText: '下午还能看展厅吗' }).tap()
  await page.getByTestId('message-bubble').filter({ hasText: '下午还能看展厅吗' }).waitFor()
  await page.getByTestId('composer-input').fill('可以，六点前都有人')
  await page.getByTestId('composer-send').tap()
  await until(async () => expect(JSON.stringify((await visitor.history()).messages)).toContain('六点前都有人'))
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
  await page.getByTestId('action-more').tap()
  await page.getByTestId('action-transfer').tap()
  await page.getByTestId('choice').filter({ hasText: '王可' }).tap()
  await page.getByTestId('transfer-submit').tap()
  await page.getByTestId('banner-transfer').waitFor()
  const offered = await colleague.get<{ id: string }[]>('/conversations?offered=true')
  expect(offered.map(({ id }) => id)).toEqual([conversation?.id])
  await pocket.close()
})

test('the pages ran without an error', () => {
  expect(faults).toEqual([])
})

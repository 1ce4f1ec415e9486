import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { TicketDetail } from '../../contract/ticket.ts'
import type { FollowUp } from '../../contract/ticket-follow-up.ts'
import {
  askToConfirm,
  detail,
  followUp,
  linkIn,
  newTicket,
  onWeChat,
  openTicketHouse,
  texted,
  type TicketHouse,
} from '../flows/ticket-house.ts'
import { until } from '../until.ts'
import { launchBrowser } from './launch.ts'

/** A customer with his phone: the page behind the link in WeChat, and the sheet over the chat. */
jest.setTimeout(120_000)

let house: TicketHouse
let browser: Browser
let context: BrowserContext
let phone: Page
let ticket: TicketDetail
const faults: string[] = []
const PHONE = { locale: 'zh-CN', viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true }

beforeAll(async () => {
  house = await openTicketHouse()
  browser = await launchBrowser()
  context = await browser.newContext(PHONE)
  phone = await context.newPage()
  phone.on('pageerror', (error) => faults.push(error.message))
}, 180_000)
afterAll(async () => {
  await browser.close()
  await house.it.stop()
})

const stateIs = (state: string) => phone.locator(`[data-testid="ticket"][data-state="${state}"]`).waitFor()
const fitsThePhone = () => phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

test('MOD-10 the link opens the ticket at once, with its progress and what he was told', async () => {
  const { customer, conversationId } = await onWeChat(house)
  ticket = await newTicket(house, conversationId)
  await followUp(house.agent, ticket.id, { text: '配件明天到，请留意 https://example.com/parts' })
  const token = linkIn(await texted(customer, ticket.number))
  await phone.goto(`${house.it.url}/my-tickets/${token}`)
  await stateIs('in_progress')
  expect(await phone.getByTestId('ticket-steps').textContent()).toContain('处理中')
  expect(await phone.getByTestId('ticket-word').textContent()).toContain('配件明天到')
  expect(await phone.getByTestId('ticket').textContent()).toContain(ticket.number)
  expect(await fitsThePhone()).toBe(true)
})

test('MOD-10 he adds words and a file, and urges once', async () => {
  await phone.getByTestId('ticket-file').setInputFiles({ name: '铭牌.txt', mimeType: 'text/plain', buffer: Buffer.from('KFR-35') })
  await phone.locator('.ticket-staged .tool').waitFor()
  await phone.getByTestId('ticket-add-text').fill('<b>铭牌</b>在附件里')
  await phone.getByTestId('ticket-add-send').click()
  await until(async () => expect(await phone.getByTestId('ticket-word').count()).toBe(2))
  expect(await phone.getByTestId('ticket-word').last().textContent()).toContain('<b>铭牌</b>在附件里')
  const [added] = await house.agent.get<FollowUp[]>(`/tickets/${ticket.id}/follow-ups`)
  expect(added).toMatchObject({ author: { kind: 'customer' }, files: [{ name: '铭牌.txt' }] })
  await phone.getByTestId('ticket-urge').click()
  expect(await phone.getByTestId('ticket-urged').textContent()).toContain('可再次催办')
  expect((await detail(house.agent, ticket.id)).urges).toBe(1)
})

test('BP-006.9 he says that it is not solved, and why; then that it is, and rates it', async () => {
  await askToConfirm(house.agent, ticket.id)
  await phone.reload()
  await stateIs('please_confirm')
  expect(await phone.getByTestId('ticket-solution').textContent()).toContain('更换了滤网')
  await phone.getByTestId('ticket-reject-open').click()
  await phone.getByTestId('ticket-reject-send').click()
  expect(await phone.getByTestId('ticket-reject').textContent()).toContain('请先写下内容')
  await phone.getByTestId('ticket-reject-text').fill('还是不制冷')
  await phone.getByTestId('ticket-reject-send').click()
  await stateIs('in_progress')
  await askToConfirm(house.agent, ticket.id)
  await phone.reload()
  await phone.getByTestId('ticket-confirm').click()
  await stateIs('resolved')
  await phone.getByTestId('score-4').check({ force: true })
  await phone.getByTestId('ticket-rate').click()
  expect(await phone.getByTestId('ticket-rated').textContent()).toContain('4 分')
  expect((await detail(house.agent, ticket.id)).status).toBe('resolved')
})

test('a link that nobody signed says so', async () => {
  await phone.goto(`${house.it.url}/my-tickets/t${'0'.repeat(32)}.abc.${'x'.repeat(43)}`)
  expect(await phone.getByTestId('tickets-problem').textContent()).toBe('这个链接已失效')
})

test('BP-005.3 MOD-10 over the chat he opens a ticket himself with what its type asks for, finds it in his list, and goes back', async () => {
  const field = (key: string, labelZh: string, more: object) => ({ key, labelZh, labelEn: key, forCustomers: true, ...more })
  const choices = [
    { value: 'noise', labelZh: '异响', labelEn: 'Noise' },
    { value: 'leak', labelZh: '漏水', labelEn: 'Leak' },
  ]
  const type = await house.admin.post<{ id: string }>('/ticket-types', {
    nameZh: '上门维修',
    nameEn: 'Repair',
    openToCustomers: true,
    fields: [
      field('model', '型号', { type: 'text', requiredIn: ['new'], hintZh: '在机身侧面', hintEn: 'On its side' }),
      field('signs', '现象', { type: 'multi_select', choices }),
      field('cost', '成本', { type: 'number', forCustomers: false, requiredIn: ['new'] }),
    ],
  })
  await phone.goto(`${house.it.url}/chat/${house.web.id}`)
  await phone.getByTestId('tickets-button').click()
  await phone.getByTestId('ticket-new').click()
  await phone.getByTestId('ticket-send').click()
  const form = phone.getByTestId('ticket-create')
  expect(await form.textContent()).toContain('请填写标题')
  await phone.getByTestId('ticket-type').selectOption(type.id)
  await phone.getByTestId('ticket-title').fill('空调异响')
  await phone.getByTestId('ticket-text').fill('开机就响')
  await phone.getByTestId('ticket-send').click()
  expect(await form.textContent()).toContain('请填写：型号')
  expect(await form.textContent()).not.toContain('成本')
  await phone.getByTestId('ticket-field-model').fill('KFR-35')
  await phone.getByTestId('ticket-field-signs').getByText('异响').click()
  expect(await fitsThePhone()).toBe(true)
  await phone.getByTestId('ticket-send').click()
  await stateIs('received')
  const described = await phone.getByTestId('ticket-description').textContent()
  for (const words of ['开机就响', 'KFR-35', '异响']) expect(described).toContain(words)
  expect(described).not.toContain('漏水')
  await phone.getByTestId('ticket-back').click()
  expect(await phone.getByTestId('ticket-row').textContent()).toContain('空调异响')
  expect(await fitsThePhone()).toBe(true)
  expect(faults).toEqual([])
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import Hapi from '@hapi/hapi'
import { mountSimulator, type SimulatedCustomer } from './index.ts'
import { ACCOUNT, startHarness, type Harness } from './testing/harness.ts'

let platform: Harness
let customer: SimulatedCustomer
beforeEach(async () => {
  platform = await startHarness()
  customer = platform.simulator.addCustomer({ appId: ACCOUNT.appId, nickname: '李雷' })
})
afterEach(() => platform.stop())

const call = async (what: 'actions' | 'commands', body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${platform.origin}/simulator/api/wechat-official/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, ...((await response.json()) as { data?: Record<string, unknown>; error?: { message: string } }) }
}

test('the page acts as a customer and reads the state', async () => {
  const acted = await call('actions', { appId: ACCOUNT.appId, openId: customer.openId, action: { type: 'text', text: '你好' } })
  expect(acted).toMatchObject({ status: 200, data: { state: 'accepted', kind: 'text' } })
  const state = (await (await fetch(`${platform.origin}/simulator/api/state`)).json()) as { data: unknown[] }
  expect(state.data).toMatchObject([
    {
      kind: 'wechat-official',
      accounts: [
        { name: '连客示例', customers: [{ nickname: '李雷', remaining: 5, phone: [{ side: 'customer', content: { text: '你好' } }] }] },
      ],
      calls: [{ direction: 'callback', status: 200 }],
    },
  ])
})

test('commands cause faults, move time and change people', async () => {
  const { appId } = ACCOUNT
  const { openId } = customer
  await call('commands', { command: 'add_api_fault', path: '*', times: 2, fault: { kind: 'errcode', errcode: 45009 } })
  expect(await platform.stableToken()).toMatchObject({ errcode: 45009 })
  await call('commands', { command: 'clear_faults' })
  expect(await platform.stableToken()).not.toHaveProperty('errcode')
  await call('commands', { command: 'expire_tokens', appId })
  await call('commands', { command: 'open_window', appId, openId, kind: 'message' })
  expect(customer.allowance().remaining).toBe(5)
  await call('commands', { command: 'close_window', appId, openId })
  expect(customer.allowance().endsAt).toBeNull()
  const before = platform.simulator.clock.now()
  expect(await call('commands', { command: 'advance', ms: 3_600_000 })).toMatchObject({ data: { now: before + 3_600_000 } })
  expect(await call('commands', { command: 'check_callback', appId })).toMatchObject({ data: { ok: true } })
  expect(await call('commands', { command: 'add_customer', appId, nickname: '韩梅梅' })).toMatchObject({
    data: { openId: expect.any(String) },
  })
  expect(platform.simulator.snapshot().accounts[0]?.customers).toHaveLength(2)
})

test('what is impossible, unknown or badly shaped is refused with its reason, and so is a foreign page', async () => {
  const act = (action: unknown, openId = customer.openId) => call('actions', { appId: ACCOUNT.appId, openId, action })
  expect(await act({ type: 'text', text: '你好' }, 'oNobody')).toMatchObject({ status: 404 })
  expect(await act({ type: 'dance' })).toMatchObject({ status: 400 })
  await act({ type: 'unfollow' })
  expect(await act({ type: 'text', text: '你好' })).toMatchObject({
    status: 409,
    error: { message: 'the customer does not follow the account' },
  })
  expect(await call('commands', { command: 'clear_faults' }, { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
  expect(await call('commands', { command: 'clear_faults' }, { origin: platform.origin })).toMatchObject({ status: 200 })
})

test('changes are announced as they happen', async () => {
  const response = await fetch(`${platform.origin}/simulator/api/events`)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('event: change')
  await customer.text('你好')
  expect((await reader?.read())?.value).toContain('event: change')
  await platform.simulator.clock.advance(60_000)
  expect((await reader?.read())?.value).toContain('event: change')
  await reader?.cancel()
})

test('a link opened on a phone goes on with that phone known; other schemes do not', async () => {
  const open = (url: string) =>
    fetch(
      `${platform.origin}/simulator/api/wechat-official/open?${new URLSearchParams({ account: ACCOUNT.appId, customer: customer.openId, url }).toString()}`,
      { redirect: 'manual' },
    )
  const response = await open('https://example.com/form')
  expect(response.headers.get('location')).toBe('https://example.com/form')
  expect(response.headers.get('set-cookie')).toContain(`simulator_phone=${ACCOUNT.appId}:${customer.openId}`)
  expect((await open('javascript:alert(1)')).status).toBe(400)
})

test('the built page is served with a policy that forbids inline scripts; nothing outside its folder is', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'simulator-page-'))
  await writeFile(path.join(directory, 'index.html'), '<!doctype html><title>手机</title>')
  const server = createServer(mountSimulator([platform.simulator], { pageDirectory: directory }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = (address: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${address}`, { redirect: 'manual' })
  const page = await at('/simulator/')
  expect(await page.text()).toContain('手机')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  expect((await at('/simulator')).headers.get('location')).toBe('/simulator/')
  expect((await at('/simulator/..%2f..%2fetc/passwd')).status).toBe(404)
  expect((await at('/elsewhere')).status).toBe(404)
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})

test('without a built page the address says so', async () => {
  const response = await fetch(`${platform.origin}/simulator/no-such-file.js`)
  expect(response.status).toBe(404)
})

test('a Hapi server can host it by handing over the raw request', async () => {
  const server = Hapi.server({ port: 0, host: '127.0.0.1' })
  const listener = mountSimulator([platform.simulator])
  server.route({
    method: '*',
    path: '/simulator/{rest*}',
    options: { auth: false, payload: { parse: false, output: 'stream', maxBytes: 32 * 1_048_576 } },
    handler: (request, h) => {
      listener(request.raw.req, request.raw.res)
      return h.abandon
    },
  })
  await server.start()
  const response = await fetch(`${server.info.uri}/simulator/wechat/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret }),
  })
  expect(await response.json()).toMatchObject({ expires_in: 7200 })
  await server.stop()
})

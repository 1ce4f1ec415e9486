/** Lines that break between an agent and the product: nothing is lost, nothing is said twice, nothing stays hanging. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Message } from '../../contract/message.ts'
import { newKey, type StaffClient, startTestApp, type TestApp, type WebCustomer } from '../harness.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'
import { until } from '../until.ts'

let it: TestApp
let agent: StaffClient
let web: { id: string }
let line: TcpProxy

beforeAll(async () => {
  it = await startTestApp()
  agent = await it.staff('agent', '林晓')
  web = await it.connectWeb()
  line = await startTcpProxy(it.url)
})
afterAll(async () => {
  await line.close()
  await it.stop()
})
afterEach(() => line.cut())

async function serving(): Promise<{ customer: WebCustomer; id: string }> {
  const customer = await it.webCustomer(web.id)
  await customer.say('在吗')
  const id = (await customer.history()).conversation?.id ?? ''
  await agent.post(`/conversations/${id}/accept`)
  return { customer, id }
}
const clients = () => it.process.app.realtime.io.engine.clientsCount
const textOf = ({ parts: [part] }: Message) => (part?.type === 'text' ? part.text : '')

describe('BP-004.1 an agent whose line breaks', () => {
  test('F13 a tab that is cut off comes back and has missed nothing; the other tab hears everything once meanwhile', async () => {
    const { customer, id } = await serving()
    const [steady, shaky] = [await agent.socket(), await agent.socket(line.url)]
    const first = await customer.say('断线之前')
    for (const tab of [steady, shaky]) await tab.waitFor('message.created', ({ seq }) => seq === first.seq)
    line.cut()
    await shaky.cut
    const missed = [await customer.say('断线之间一'), await customer.say('断线之间二')]
    const back = await agent.socket(line.url)
    const last = await customer.say('回来以后')
    for (const tab of [steady, back]) await tab.waitFor('message.created', ({ seq }) => seq === last.seq)
    const fetched = await agent.messages(id, `?afterSeq=${first.seq}`)
    expect(fetched.map((message) => message.id)).toEqual([...missed, last].map((message) => message.id))
    const heard = steady.of('message.created').filter((event) => event.id === id)
    expect(heard.map(({ patch }) => patch.message.id)).toEqual([first, ...missed, last].map((message) => message.id))
    // I3: what a tab has made of the events is what stands there.
    expect(heard.at(-1)?.version).toBe((await agent.conversation(id)).version)
    for (const tab of [steady, back]) tab.close()
  })

  test('F13 a line that falls silent without a word: nothing is kept for it without end, the others are not held up, and it is taken up again', async () => {
    const { customer, id } = await serving()
    const steady = await agent.socket()
    const before = clients()
    const silent = await agent.socket(line.url)
    await until(() => expect(clients()).toBe(before + 1))
    const first = await customer.say('还听得到')
    await silent.waitFor('message.created', ({ seq }) => seq === first.seq)
    line.silence()
    for (let number = 1; number <= 10; number += 1) {
      const said = await customer.say(`${number} ${'长'.repeat(9_000)}`)
      await steady.waitFor('message.created', ({ seq }) => seq === said.seq)
    }
    // Two missed heartbeats, and the server lets go of it and of all that was waiting for it.
    await until(() => expect(clients()).toBe(before), 40_000)
    expect(silent.of('message.created').at(-1)?.seq).toBe(first.seq)
    const back = await agent.socket(line.url)
    const last = await customer.say('又听得到')
    await back.waitFor('message.created', ({ seq }) => seq === last.seq)
    const fetched = await agent.messages(id, `?afterSeq=${first.seq}`)
    expect(fetched.map(({ seq }) => seq)).toEqual(Array.from({ length: 11 }, (_, index) => first.seq + 1 + index))
    for (const tab of [steady, back]) tab.close()
  })

  test('F14 what is said and taken back between fetching and listening is named by the beacon, and a fresh look shows it', async () => {
    const { customer, id } = await serving()
    const wrong = await agent.reply(id, '写错了的价格')
    const [known, fetched] = [await agent.conversation(id), await agent.messages(id)]
    expect(fetched.at(-1)).toMatchObject({ id: wrong.id, recalledAt: null })
    // He has fetched and does not listen yet.
    await agent.post(`/conversations/${id}/messages/${wrong.seq}/recall`)
    const said = await customer.say('正好这时来的一句')
    const tab = await agent.socket()
    const beacon = await tab.waitFor('beacon', ({ conversations }) => id in conversations)
    const [seq, version] = beacon.conversations[id] ?? [0, 0]
    expect(seq).toBe(said.seq)
    expect(version).toBeGreaterThan(known.version)
    const fresh = await agent.messages(id)
    expect(fresh.find((message) => message.id === wrong.id)).toMatchObject({ recalledAt: expect.any(String), parts: [] })
    expect(fresh.map(textOf)).toContain('正好这时来的一句')
    expect((await agent.conversation(id)).version).toBe(version)
    tab.close()
  })

  test('F17 an answer whose confirmation is lost is sent again with its key: one message; the same key with other words is refused', async () => {
    const { customer, id } = await serving()
    const clientKey = newKey()
    const path = `/conversations/${id}/messages`
    const body = { clientKey, parts: [{ type: 'text', text: '只说一次' }] }
    const lost = new AbortController()
    const attempt = fetch(`${it.url}/api/v1${path}`, {
      method: 'POST',
      signal: lost.signal,
      headers: { ...agent.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((error: unknown) => (error instanceof Error ? error.name : error))
    const stored = await until(async () => {
      const found = (await agent.messages(id)).find((message) => message.clientKey === clientKey)
      if (found === undefined) throw new Error('not stored yet')
      return found
    })
    lost.abort()
    await attempt
    expect(await agent.post<Message>(path, body)).toMatchObject({ id: stored.id, seq: stored.seq })
    await agent.expectError('POST', path, { ...body, parts: [{ type: 'text', text: '换了一句' }] }, 409, 'idempotency_mismatch')
    expect((await agent.messages(id)).filter((message) => message.clientKey === clientKey)).toHaveLength(1)
    expect((await customer.history()).messages.filter(({ parts }) => JSON.stringify(parts).includes('只说一次'))).toHaveLength(1)
  })
})

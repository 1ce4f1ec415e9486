/** A Redis that neither answers nor closes: the worst kind of outage, since nobody is told. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testRedisUrl } from '../database.ts'
import { type OfficialAccount, type StaffClient, startTestApp, type TestApp } from '../harness.ts'
import { until } from '../until.ts'

let it: TestApp
let proxy: ReturnType<typeof createProxy>
let agent: StaffClient
let official: OfficialAccount

/** Passes bytes on both ways until it is told to hold them. */
function createProxy(upstream: URL) {
  const pairs = new Set<[Socket, Socket]>()
  let hanging = false
  const server: Server = createServer((near) => {
    const far = connect(Number(upstream.port), upstream.hostname)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => void to.write(chunk))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
    }
    if (hanging) pair.forEach((socket) => socket.pause())
  })
  return {
    listen: () => new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))),
    hang(now: boolean) {
      hanging = now
      for (const pair of pairs) pair.forEach((socket) => (now ? socket.pause() : socket.resume()))
    },
    stop() {
      for (const pair of pairs) pair.forEach((socket) => socket.destroy())
      server.close()
    },
  }
}

beforeAll(async () => {
  const upstream = new URL(await testRedisUrl())
  proxy = createProxy(upstream)
  const address = new URL(upstream)
  address.port = String(await proxy.listen())
  it = await startTestApp({ environment: { REDIS_URL: address.href } })
  agent = await it.staff('admin')
  official = await it.connectOfficial()
})
afterAll(async () => {
  proxy.hang(false)
  await it.stop()
  proxy.stop()
})

const readiness = async () => (await (await fetch(`${it.url}/readyz`)).json()) as { data: { parts: { redis: { ok: boolean } } } }

test('F4 while Redis hangs, customers are stored and agents answer; it is told which part is down, and all is well after', async () => {
  const customer = it.follower(official)
  await customer.text('在吗')
  const { id } = await it.conversationOf(agent, customer.openId)
  proxy.hang(true)
  expect((await readiness()).data.parts.redis.ok).toBe(false)
  await customer.text('Redis 不在的时候说的话')
  const heard = () => agent.messages(id).then((messages) => messages.filter(({ direction }) => direction === 'inbound').length)
  await until(async () => expect(await heard()).toBe(2))
  const reply = await agent.reply(id, '收到了')
  proxy.hang(false)
  await until(async () => expect((await readiness()).data.parts.redis.ok).toBe(true))
  await agent.delivered(reply, 'sent')
  expect(await heard()).toBe(2)
})

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ApiFailure, type Api } from './api.ts'
import { createKeep, type Keep } from './keep.ts'
import type { Outbox } from './outbox.ts'
import { restoreOutbox, Sender } from './sender.ts'
import { SessionKeeper } from './session.ts'
import type { CustomerMessage, Session } from './wire.ts'

const blocked = (): Storage => {
  throw new Error('SecurityError')
}

/** A server that stores each key once, and can lose its answer or refuse. */
class FakeServer {
  readonly stored: CustomerMessage[] = []
  readonly posts: string[] = []
  next: ApiFailure | 'lose the answer' | null = null

  readonly send: Api['send'] = async (clientKey, parts) => {
    const mood = this.next
    this.next = null
    this.posts.push(clientKey)
    if (mood instanceof ApiFailure) throw mood
    const known = this.stored.find((message) => message.clientKey === clientKey)
    const message = known ?? { seq: this.stored.length + 1, direction: 'inbound', clientKey, parts }
    if (!known) this.stored.push(message as CustomerMessage)
    if (mood === 'lose the answer') throw new ApiFailure('offline')
    return message as CustomerMessage
  }
}

function setUp(keep: Keep = createKeep('a', blocked)) {
  const server = new FakeServer()
  let outbox: Outbox = restoreOutbox(keep)
  const signedOut = jest.fn()
  const write = (next: Outbox) => {
    outbox = next
  }
  const sender = new Sender({ api: { send: server.send } as Api, keep, read: () => outbox, write, posted: () => undefined, signedOut })
  return { server, sender, keep, signedOut, states: () => outbox.map(({ state }) => state) }
}
const settled = () => jest.advanceTimersByTimeAsync(0)

describe('CH-01 sending from the web page', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('a message whose answer is lost is posted again under the same key and stored once', async () => {
    const { server, sender, states } = setUp()
    server.next = 'lose the answer'
    sender.sendText('在吗')
    await settled()
    expect(states()).toEqual(['waiting'])
    await jest.advanceTimersByTimeAsync(1000)
    expect(server.posts[0]).toBe(server.posts[1])
    expect(server.stored).toHaveLength(1)
    expect(states()).toEqual(['sent'])
  })

  test('written offline, sent in the order written when the network is back, after a reload too', async () => {
    const { server, sender, keep } = setUp()
    server.next = new ApiFailure('offline')
    jest.setSystemTime(1)
    sender.sendText('一')
    jest.setSystemTime(2)
    sender.sendText('二')
    await settled()
    const reloaded = setUp(keep)
    reloaded.sender.kick()
    await settled()
    expect(reloaded.server.stored.map(({ parts }) => parts[0])).toEqual([
      { type: 'text', text: '一' },
      { type: 'text', text: '二' },
    ])
    expect(restoreOutbox(keep)).toEqual([])
  })

  test('an echo that comes before the answer removes the bubble and the stored copy', async () => {
    const { server, sender, keep, states } = setUp()
    server.next = 'lose the answer'
    sender.sendText('在吗')
    await settled()
    sender.settle(server.stored)
    expect(states()).toEqual([])
    expect(restoreOutbox(keep)).toEqual([])
  })

  test('a refusal stops at the customer, who may send again or delete', async () => {
    const { server, sender, states } = setUp()
    server.next = new ApiFailure('part_not_supported', 422)
    sender.sendText('在吗')
    await settled()
    expect(states()).toEqual(['failed'])
    sender.retry(server.posts[0]!)
    await settled()
    expect(states()).toEqual(['sent'])
  })

  test('too many at once wait as long as the server asks', async () => {
    const { server, sender, states } = setUp()
    server.next = new ApiFailure('rate_limited', 429, 7000)
    sender.sendText('在吗')
    await jest.advanceTimersByTimeAsync(6999)
    expect(states()).toEqual(['waiting'])
    await jest.advanceTimersByTimeAsync(1)
    expect(states()).toEqual(['sent'])
  })

  test('a token that has run out costs no message', async () => {
    const { server, sender, signedOut, states } = setUp()
    server.next = new ApiFailure('unauthenticated', 401)
    sender.sendText('在吗')
    await settled()
    expect(signedOut).toHaveBeenCalledTimes(1)
    expect(states()).toEqual(['waiting'])
    sender.kick()
    await settled()
    expect(states()).toEqual(['sent'])
  })

  test('nothing of one visitor is sent for the next', async () => {
    const { server, sender, keep } = setUp()
    server.next = new ApiFailure('offline')
    sender.sendText('在吗')
    await settled()
    sender.clear()
    await jest.runAllTimersAsync()
    expect(server.stored).toEqual([])
    expect(restoreOutbox(keep)).toEqual([])
  })
})

describe('CH-01 the session of the web page', () => {
  const claimOf = (id: string) => ({ id, expiresAt: 1, signature: 'ab' })
  const server = (identified: boolean, refuse: string[] = []) => {
    const tokens: (string | null)[] = []
    const startSession: Api['startSession'] = async (_request, token) => {
      tokens.push(token)
      if (token !== null && refuse.includes(token)) throw new ApiFailure('unauthenticated', 401)
      return { token: `t${tokens.length}`, identified } as Session
    }
    return { tokens, api: { startSession } as Api }
  }

  test('a reload goes on with the token from before', async () => {
    const keep = createKeep('a', blocked)
    const { api, tokens } = server(false)
    await new SessionKeeper(keep).start(api, 'zh-CN')
    await new SessionKeeper(keep).start(api, 'zh-CN')
    expect(tokens).toEqual([null, 't1'])
  })

  test('a token that is refused is dropped, and the page begins anew', async () => {
    const keep = createKeep('a', blocked)
    const { api, tokens } = server(false, ['t1'])
    await new SessionKeeper(keep).start(api, 'zh-CN')
    await new SessionKeeper(keep).start(api, 'zh-CN')
    expect(tokens).toEqual([null, 't1', null])
  })

  test("another visitor never gets the last one's token", async () => {
    const keep = createKeep('a', blocked)
    const { api } = server(true)
    const first = new SessionKeeper(keep)
    expect(first.claim(claimOf('42'))).toBe(false)
    await first.start(api, 'zh-CN')
    const second = new SessionKeeper(keep)
    expect(second.claim(claimOf('43'))).toBe(true)
    expect(second.token).toBeNull()
  })

  test('a visitor who was anonymous and signs in keeps his token, for the server to decide', async () => {
    const keep = createKeep('a', blocked)
    const { api } = server(false)
    const session = new SessionKeeper(keep)
    await session.start(api, 'zh-CN')
    expect(session.claim(claimOf('42'))).toBe(false)
    expect(session.token).toBe('t1')
  })
})

import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OutcomeUnknown, PermanentFailure, TransientFailure } from '#adapters/contract/index.ts'
import { fakePlatform, type FakePlatform } from '../testing/fake-platform.ts'
import { readAll } from './bounded-body.ts'
import { createChannelHttp } from './channel-http.ts'

const http = createChannelHttp({ allowLoopback: true })
let platform: FakePlatform

beforeAll(async () => {
  platform = await fakePlatform((_request, response) => response.end('{}'))
})
afterAll(async () => {
  await http.close()
  await platform.close()
})

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it should have failed')
    },
    (error: unknown) => error,
  )

describe('what leaves us', () => {
  test('JSON goes out as UTF-8 with its length, and the answer comes back whole', async () => {
    platform.answer = (_request, response) => response.setHeader('x-trace', 'abc').end('{"errcode":0}')
    const answer = await http.request({ url: `${platform.url}/send?a=1`, json: { text: '你好' } })
    expect(answer).toMatchObject({ status: 200, body: Buffer.from('{"errcode":0}') })
    expect(answer.headers['x-trace']).toBe('abc')
    const seen = platform.seen.at(-1)
    expect(seen).toMatchObject({ method: 'POST', url: '/send?a=1', body: Buffer.from('{"text":"你好"}') })
    expect(seen?.headers['content-length']).toBe(String(seen?.body.length))
  })

  test('a file travels as multipart/form-data whose headers no name can break out of', async () => {
    platform.answer = (_request, response) => response.end('{}')
    const file = { field: 'media', name: 'a"\r\nX: 1.jpg', mime: 'image/jpeg\r\nX: 2', data: Buffer.from([0, 1, 2, 255]) }
    await http.request({ url: platform.url, multipart: { fields: { type: 'image' }, file } })
    const seen = platform.seen.at(-1)
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(seen?.headers['content-type'] ?? '')?.[1]
    expect(seen?.body.toString('latin1').split(`--${boundary}`)).toEqual([
      '',
      '\r\nContent-Disposition: form-data; name="type"\r\n\r\nimage\r\n',
      '\r\nContent-Disposition: form-data; name="media"; filename="a%22%0D%0AX: 1.jpg"\r\n' +
        'Content-Type: application/octet-stream\r\n\r\n\x00\x01\x02\xff\r\n',
      '--\r\n',
    ])
  })
})

describe('what a failure means', () => {
  test('a refused connection certainly delivered nothing', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
    })
    expect(await failure(http.request({ url: `http://127.0.0.1:${free}/send`, json: {} }))).toBeInstanceOf(TransientFailure)
  })

  test('an unknown host certainly delivered nothing', async () => {
    expect(await failure(http.request({ url: 'http://platform.invalid/send', json: {} }))).toBeInstanceOf(TransientFailure)
  })

  test.each([500, 502, 503, 429])('HTTP %i is worth another try', async (status) => {
    platform.answer = (_request, response) => response.writeHead(status, { 'retry-after': '7' }).end('busy')
    const error = await failure(http.request({ url: platform.url, json: {} }))
    expect(error).toMatchObject({ name: 'TransientFailure', platformCode: String(status), retryAfterMs: 7000 })
  })

  test('F8 a reset after a message was sent leaves its outcome open', async () => {
    platform.answer = (_request, response) => response.destroy()
    expect(await failure(http.request({ url: platform.url, json: {} }))).toBeInstanceOf(OutcomeUnknown)
  })

  test('F8 a platform that never answers leaves the outcome of a message open', async () => {
    platform.answer = () => {}
    expect(await failure(http.request({ url: platform.url, json: {}, timeoutMs: 100 }))).toBeInstanceOf(OutcomeUnknown)
  })

  test('an answer that stops in the middle leaves the outcome of a message open', async () => {
    platform.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    }
    expect(await failure(http.request({ url: platform.url, json: {} }))).toBeInstanceOf(OutcomeUnknown)
  })

  test.each([{ method: 'GET' as const }, { json: {}, idempotent: true }])(
    'what may be repeated is merely transient: %j',
    async (request) => {
      platform.answer = (_request, response) => response.destroy()
      expect(await failure(http.request({ url: platform.url, ...request }))).toBeInstanceOf(TransientFailure)
    },
  )

  test('an address that is none blames the settings', async () => {
    expect(await failure(http.request({ url: 'not an address' }))).toMatchObject({ reason: 'configuration' })
  })
})

describe('size', () => {
  test('an answer past its limit is not read to the end', async () => {
    platform.answer = (_request, response) => response.end('x'.repeat(2000))
    expect(await failure(http.request({ url: platform.url, maxBytes: 1000 }))).toBeInstanceOf(PermanentFailure)
  })

  test('a download past its limit ends with an error, one below it arrives whole', async () => {
    platform.answer = (_request, response) => response.end(Buffer.alloc(5000, 7))
    const large = await http.download({ url: platform.url, maxBytes: 1000 })
    expect(await failure(readAll(large.stream, 10_000))).toMatchObject({ reason: 'media_refused' })
    const small = await http.download({ url: platform.url })
    expect(await readAll(small.stream, 10_000)).toEqual(Buffer.alloc(5000, 7))
  })
})

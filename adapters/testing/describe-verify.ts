import { describe, expect, test } from '@jest/globals'
import { SignatureInvalid, type CallbackRequest, type Verified } from '../contract/index.ts'
import type { Subject } from './describe-adapter.ts'

const A_DAY_MS = 24 * 3_600_000

export function describeVerify<Config>({ adapter, account, samples }: Subject<Config>): void {
  const verify = (request: CallbackRequest, now: Date): Verified => {
    if (adapter.verify === undefined) throw new Error('no verify')
    return adapter.verify(request, account, now)
  }
  const { request, now } = authentic(samples.callback)

  const refusal = (changed: Partial<CallbackRequest>, at = now): unknown => {
    try {
      verify({ ...request, ...changed }, at)
    } catch (error) {
      return error
    }
    return undefined
  }

  describe('verify', () => {
    test('accepts what the platform sends, and the same again', () => {
      expect(verify(request, now)).toEqual({ payload: expect.any(String) })
      expect(verify(request, now)).toEqual(verify(request, now))
    })

    test.each(forgeries(request))('refuses %s with the one error that tells nothing', (_name, changed) => {
      expectRefusal(refusal(changed))
    })

    test('refuses a signature of yesterday or of tomorrow', () => {
      expectRefusal(refusal({}, new Date(now.getTime() + A_DAY_MS)))
      expectRefusal(refusal({}, new Date(now.getTime() - A_DAY_MS)))
    })
  })
}

function authentic(callback: { request: CallbackRequest; now: Date } | undefined): { request: CallbackRequest; now: Date } {
  if (callback === undefined) throw new Error('a channel with verify needs a sample callback')
  return callback
}

function expectRefusal(error: unknown): void {
  expect(error).toBeInstanceOf(SignatureInvalid)
  expect(error).toEqual(new SignatureInvalid())
}

/** Ways to be somebody else: every query value changed, and bodies that are none of the platform's. */
function forgeries(request: CallbackRequest): [string, Partial<CallbackRequest>][] {
  const pairs = request.rawQuery.split('&')
  const signed = pairs.filter((pair) => /^(msg_signature|timestamp|nonce)=/.test(pair))
  const without = (pair: string) => pairs.filter((other) => other !== pair).join('&')
  return [
    ['a request without a query', { rawQuery: '' }],
    ['a query that cannot be decoded', { rawQuery: `${request.rawQuery}&signature=%E0%A4%A` }],
    ...signed.map((pair): [string, Partial<CallbackRequest>] => [`a request without ${pair.split('=')[0]}`, { rawQuery: without(pair) }]),
    ...signed.map((pair): [string, Partial<CallbackRequest>] => [
      `another ${pair.split('=')[0]}`,
      { rawQuery: `${without(pair)}&${pair}0` },
    ]),
    ['an empty body', { body: Buffer.alloc(0) }],
    ['a body that is not text', { body: Buffer.from([0xff, 0xfe, 0x00, 0x01]) }],
    ['a body cut in half', { body: request.body.subarray(0, request.body.length >> 1) }],
    ['the body of somebody else', { body: Buffer.from('<xml><Encrypt><![CDATA[AAAA]]></Encrypt></xml>') }],
  ]
}

import { describe, expect, test } from '@jest/globals'
import { SignatureInvalid, type CallbackRequest } from '../contract/index.ts'
import { encryptMessage, signatureOf } from './crypto.ts'
import { NOW, SETTINGS, addressCheck, fixture, plainCallback, post, sealedCallback, testAccount } from './testing/account.ts'
import { verify } from './verify.ts'
import { writeXml } from './xml.ts'

const TEXT = fixture('text.xml')
const safe = testAccount()
const compatible = testAccount({ mode: 'compatible' })
const plain = testAccount({ mode: 'plain' })

const withQuery = (request: CallbackRequest, change: (query: string) => string): CallbackRequest => ({
  ...request,
  rawQuery: change(request.rawQuery),
})
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

describe('CH-01 the address check', () => {
  test.each([safe, compatible, plain].map((account) => [account.config.mode, account] as const))(
    'is answered in %s mode',
    (_mode, account) => {
      expect(verify(addressCheck('4375120948345356249', account), account, NOW)).toEqual({ challenge: '4375120948345356249' })
    },
  )

  test('keeps a plus sign, which others would read as a blank', () => {
    expect(verify(addressCheck('ab+/=='), safe, NOW)).toEqual({ challenge: 'ab+/==' })
  })

  test.each(['', '%3Cscript%3E', '%22', 'a%0D%0Ab', 'x'.repeat(1025)])('does not echo %j, which no signature covers', (echo) => {
    expect(() => verify(addressCheck(echo), safe, NOW)).toThrow(SignatureInvalid)
  })

  test('reproduces the example of the platform’s page', () => {
    const account = testAccount({ token: 'AAAAA' })
    const rawQuery = 'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492'
    const request = { ...addressCheck('x'), rawQuery }
    expect(verify(request, account, new Date(1714036504_000))).toEqual({ challenge: '4375120948345356249' })
    expect(() => verify(request, testAccount({ token: 'aaaaa' }), new Date(1714036504_000))).toThrow(SignatureInvalid)
  })
})

describe('CH-01 safe and compatible mode', () => {
  test.each(['xml', 'json'] as const)('opens the envelope of an %s account', (format) => {
    expect(verify(sealedCallback(TEXT, safe, format), safe, NOW)).toEqual({ payload: TEXT })
    expect(verify(sealedCallback(TEXT, compatible, format), compatible, NOW)).toEqual({ payload: TEXT })
  })

  test('believes the envelope, not the clear fields beside it', () => {
    const { rawQuery, body } = sealedCallback(TEXT, compatible)
    const forged = body.toString().replace('</xml>', '<Content><![CDATA[transfer everything]]></Content></xml>')
    expect(verify({ method: 'POST', rawQuery, headers: {}, body: Buffer.from(forged) }, compatible, NOW)).toEqual({ payload: TEXT })
  })

  test.each([
    ['no msg_signature', (request: CallbackRequest) => withQuery(request, (query) => query.replace(/&msg_signature=\w+/, ''))],
    [
      'an upper-case signature',
      (request: CallbackRequest) => withQuery(request, (query) => query.replace(/(?<=&msg_signature=)\w+/, (hex) => hex.toUpperCase())),
    ],
    ['a msg_signature given twice', (request: CallbackRequest) => withQuery(request, (query) => `${query}&msg_signature=0`)],
    ['another nonce', (request: CallbackRequest) => withQuery(request, (query) => query.replace('nonce=4', 'nonce=5'))],
    ['clear fields instead of an envelope', (request: CallbackRequest) => ({ ...request, body: Buffer.from(TEXT) })],
    [
      'two envelopes',
      (request: CallbackRequest) => ({
        ...request,
        body: Buffer.from(request.body.toString().replace('</xml>', '<Encrypt>x</Encrypt></xml>')),
      }),
    ],
    [
      'a document type before the envelope',
      (request: CallbackRequest) => ({ ...request, body: Buffer.from(`<!DOCTYPE xml>${request.body.toString()}`) }),
    ],
    [
      'one letter of the envelope changed',
      (request: CallbackRequest) => ({
        ...request,
        body: Buffer.from(request.body.toString().replace(/(?<=<Encrypt><!\[CDATA\[)./, '!')),
      }),
    ],
  ])('refuses %s', (_name, change) => {
    for (const account of [safe, compatible])
      expect(() => verify(change(sealedCallback(TEXT, account)), account, NOW)).toThrow(new SignatureInvalid())
  })

  test('refuses a captured plain signature with a body of somebody’s own', () => {
    const stolen = plainCallback(TEXT, safe)
    expect(() => verify(stolen, safe, NOW)).toThrow(SignatureInvalid)
  })

  test('refuses an envelope that was sealed for another account with the same key and token', () => {
    const other = testAccount({ appId: 'wxb11529c136998cb6' })
    expect(() => verify(sealedCallback(TEXT, other), safe, NOW)).toThrow(SignatureInvalid)
  })

  test('refuses the right signature over an envelope of another key', () => {
    const encrypted = encryptMessage({ encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR', receiveId: SETTINGS.appId }, TEXT)
    const request = post(writeXml({ Encrypt: encrypted }), {
      msg_signature: signatureOf(SETTINGS.token, String(NOW.getTime() / 1000), '415670741', encrypted),
    })
    expect(() => verify(request, safe, NOW)).toThrow(SignatureInvalid)
  })
})

describe('CH-01 plain mode', () => {
  test('passes the body on when the signature is right', () => {
    expect(verify(plainCallback(TEXT), plain, NOW)).toEqual({ payload: TEXT })
    expect(
      verify(
        withQuery(plainCallback(TEXT), (query) => `${query}&encrypt_type=raw`),
        plain,
        NOW,
      ),
    ).toEqual({ payload: TEXT })
  })

  test.each([
    ['no signature', (query: string) => query.replace(/&signature=\w+/, '')],
    ['an empty signature', (query: string) => query.replace(/&signature=\w+/, '&signature=')],
    ['a changed timestamp', (query: string) => query.replace(/timestamp=\d+/, (pair) => pair.replace(/\d$/, '9'))],
    ['a timestamp that is none', (query: string) => query.replace(/timestamp=\d+/, 'timestamp=NaN')],
    ['an encrypted body, which it could not read', (query: string) => `${query}&encrypt_type=aes`],
  ])('refuses %s', (_name, change) => {
    expect(() => verify(withQuery(plainCallback(TEXT), change), plain, NOW)).toThrow(new SignatureInvalid())
  })

  test('refuses what is addressed to another account, where the original id is known', () => {
    const account = testAccount({ mode: 'plain', originalId: 'gh_10f6c3c3ac5a' })
    const mine = TEXT.replace('toUser', 'gh_10f6c3c3ac5a')
    expect(verify(plainCallback(mine, account), account, NOW)).toEqual({ payload: mine })
    expect(() => verify(plainCallback(TEXT, account), account, NOW)).toThrow(SignatureInvalid)
  })
})

describe('CH-01 freshness of the signature', () => {
  test('is ten minutes unless configured, in both directions', () => {
    for (const seconds of [-600, 0, 600]) expect(verify(sealedCallback(TEXT), safe, later(seconds))).toEqual({ payload: TEXT })
    for (const seconds of [-601, 601]) expect(() => verify(sealedCallback(TEXT), safe, later(seconds))).toThrow(SignatureInvalid)
    const patient = testAccount({ timestampToleranceSeconds: 3600 })
    expect(verify(sealedCallback(TEXT, patient), patient, later(3600))).toEqual({ payload: TEXT })
  })

  test('says nothing about the age of the message: one of 2012 arrives today', () => {
    expect(TEXT).toContain('1348831860')
    expect(verify(sealedCallback(TEXT), safe, NOW)).toEqual({ payload: TEXT })
  })
})

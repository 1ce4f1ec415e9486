import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { SignatureInvalid, type IdentityClaim } from '../contract/index.ts'
import { webConfigSchema } from './config.ts'
import { identify, signIdentity } from './identity.ts'
import web from './index.ts'

const SECRET = 'a secret of the host site, long enough'
const ACCOUNT_ID = '019ab2c4-0000-7000-8000-000000000001'
const NOW = new Date('2026-11-22T08:00:00Z')
const IN_AN_HOUR = NOW.getTime() / 1000 + 3600

const account = (config: z.input<typeof webConfigSchema>, id = ACCOUNT_ID) => ({ id, kind: 'web', config: webConfigSchema.parse(config) })
const withSecret = account({ title: '在线客服', identitySecret: SECRET })
const signed = (claim: { id: string; expiresAt: number }, accountId = ACCOUNT_ID): IdentityClaim => ({
  ...claim,
  signature: signIdentity(SECRET, accountId, claim),
})
const claimOf = (claim: IdentityClaim) => () => identify(withSecret, claim, NOW)

describe('CH-01 identity of a web visitor', () => {
  test('the signature is the HMAC that the documentation gives, in hex', () => {
    // printf '%s' '019ab2c4-0000-7000-8000-000000000001.42.1795338000' | openssl dgst -sha256 -hmac 'a secret of the host site, long enough'
    expect(signIdentity(SECRET, ACCOUNT_ID, { id: '42', expiresAt: 1_795_338_000 })).toBe(
      '6defd35b089b72de65e845a6068ba720cab9a1cc424a6a32c59b3e4c43ee3812',
    )
  })

  test('a signed visitor is known by his id, name and picture', () => {
    const claim = { ...signed({ id: '会员.42', expiresAt: IN_AN_HOUR }), name: ' 王芳 ', avatarUrl: 'https://example.com/a.png' }
    expect(identify(withSecret, claim, NOW)).toEqual({ externalId: 'u:会员.42', name: '王芳', avatarUrl: 'https://example.com/a.png' })
  })

  test('a claim is good for a day and no longer', () => {
    const day = NOW.getTime() / 1000 + 86_400
    expect(identify(withSecret, signed({ id: '42', expiresAt: day }), NOW)).toEqual({ externalId: 'u:42' })
    expect(claimOf(signed({ id: '42', expiresAt: day + 1 }))).toThrow(SignatureInvalid)
  })

  test('an expired claim is refused, at the very second it ends', () => {
    expect(claimOf(signed({ id: '42', expiresAt: NOW.getTime() / 1000 }))).toThrow(SignatureInvalid)
    expect(claimOf(signed({ id: '42', expiresAt: NOW.getTime() / 1000 - 3600 }))).toThrow(SignatureInvalid)
  })

  test("another account's signature is refused", () => {
    expect(claimOf(signed({ id: '42', expiresAt: IN_AN_HOUR }, '019ab2c4-0000-7000-8000-000000000002'))).toThrow(SignatureInvalid)
  })

  test('a changed id, expiry or signature is refused', () => {
    const good = signed({ id: '42', expiresAt: IN_AN_HOUR })
    expect(claimOf({ ...good, id: '43' })).toThrow(SignatureInvalid)
    expect(claimOf({ ...good, expiresAt: IN_AN_HOUR + 1 })).toThrow(SignatureInvalid)
    const flipped = (good.signature.startsWith('0') ? '1' : '0') + good.signature.slice(1)
    expect(claimOf({ ...good, signature: flipped })).toThrow(SignatureInvalid)
  })

  test.each([
    ['empty', ''],
    ['short', 'ab'],
    ['not hex', 'z'.repeat(64)],
    ['too long', '0'.repeat(66)],
    ['half hex', '0'.repeat(63) + 'g'],
  ])('a signature that is %s takes the same way out', (_name, signature) => {
    expect(claimOf({ id: '42', expiresAt: IN_AN_HOUR, signature })).toThrow(SignatureInvalid)
  })

  test('without a secret nobody can be vouched for', () => {
    const plain = account({ title: '在线客服' })
    expect(() => identify(plain, signed({ id: '42', expiresAt: IN_AN_HOUR }), NOW)).toThrow(SignatureInvalid)
  })

  test('every refusal reads the same, so that nobody learns which check failed', () => {
    const messages = [signed({ id: '42', expiresAt: 1 }), { ...signed({ id: '42', expiresAt: IN_AN_HOUR }), id: '43' }].map((claim) => {
      try {
        return identify(withSecret, claim, NOW)
      } catch (error) {
        return error
      }
    })
    expect(messages[0]).toEqual(messages[1])
  })
})

describe('CH-01 settings of a web account', () => {
  test('identity can be required only where it can be checked', () => {
    expect(webConfigSchema.safeParse({ title: '客服', requireIdentity: true }).success).toBe(false)
    expect(webConfigSchema.safeParse({ title: '客服', requireIdentity: true, identitySecret: SECRET }).success).toBe(true)
  })

  test('a short secret is refused', () => {
    expect(webConfigSchema.safeParse({ title: '客服', identitySecret: 'x'.repeat(31) }).success).toBe(false)
  })

  test.each([
    'https://a.example/',
    'https://a.example/path',
    'a.example',
    'javascript:alert(1)',
    '*',
    "https://a.example; script-src 'unsafe-inline'",
  ])('%s is no origin and never reaches a header', (origin) => {
    expect(webConfigSchema.safeParse({ title: '客服', allowedOrigins: [origin] }).success).toBe(false)
  })

  test('origins with and without a port are accepted', () => {
    expect(
      webConfigSchema.parse({ title: '客服', allowedOrigins: ['https://a.example', 'http://localhost:8080'] }).allowedOrigins,
    ).toHaveLength(2)
  })

  test('the settings form gets titles in both languages and knows the secret', () => {
    const { properties } = z.toJSONSchema(web.configSchema, { io: 'input' })
    expect(properties?.identitySecret).toMatchObject({ secret: true, title: { 'zh-CN': '身份签名密钥', en: 'Identity signing secret' } })
    expect(Object.values(properties ?? {}).every((property) => typeof property === 'object' && Object.hasOwn(property, 'title'))).toBe(true)
  })
})

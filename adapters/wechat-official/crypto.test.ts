import { createCipheriv } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { z } from 'zod'
import { SignatureInvalid } from '../contract/failures.ts'
import { decryptMessage, encryptMessage, sameSignature, sha1Hex, signatureOf } from './crypto.ts'
import { fixture } from './testing/account.ts'

const signatureVector = z.object({
  id: z.string(),
  title: z.string(),
  expected: z.string(),
  parts: z.array(z.string()).optional(),
  text: z.string().optional(),
})
const envelopeVector = z.object({
  id: z.string(),
  title: z.string(),
  encodingAesKey: z.string(),
  receiveId: z.string(),
  random16: z.string(),
  plaintext: z.string(),
  pad: z.number(),
  cipherBytes: z.number(),
  ciphertext: z.string(),
  token: z.string().optional(),
  timestamp: z.string().optional(),
  nonce: z.string().optional(),
  signature: z.string().optional(),
  msgSignature: z.string().optional(),
})
const vectors = z
  .object({ signatures: z.array(signatureVector), envelopes: z.array(envelopeVector) })
  .parse(JSON.parse(fixture('vectors.json')))

const named = <T extends { id: string; title: string }>(items: T[]) => items.map((item) => [item.id, item.title, item] as const)
const signed = vectors.envelopes.flatMap(({ token, timestamp, nonce, ...vector }) =>
  token && timestamp && nonce ? [{ ...vector, token, timestamp, nonce }] : [],
)

describe('CH-01 published vectors of the callback crypto', () => {
  test.each(named(vectors.signatures))('%s: %s', (_id, _title, vector) => {
    expect(vector.parts ? signatureOf(...vector.parts) : sha1Hex(vector.text ?? '')).toBe(vector.expected)
  })

  test.each(named(signed))('%s: signatures of %s', (_id, _title, vector) => {
    const { token, timestamp, nonce, ciphertext } = vector
    if (vector.signature) expect(signatureOf(token, timestamp, nonce)).toBe(vector.signature)
    expect(signatureOf(token, timestamp, nonce, ciphertext)).toBe(vector.msgSignature)
    expect(getSignature(token, timestamp, nonce, ciphertext)).toBe(vector.msgSignature)
  })

  test.each(named(vectors.envelopes))('%s: %s opens to the published text', (_id, _title, vector) => {
    expect(decryptMessage(vector, vector.ciphertext)).toBe(vector.plaintext)
    expect(decrypt(vector.encodingAesKey, vector.ciphertext)).toMatchObject({ message: vector.plaintext, id: vector.receiveId })
    expect(Buffer.from(vector.ciphertext, 'base64')).toHaveLength(vector.cipherBytes)
  })

  test.each(named(vectors.envelopes))('%s: %s is reproduced byte for byte', (_id, _title, vector) => {
    const random = Buffer.from(vector.random16)
    expect(encryptMessage(vector, vector.plaintext, random)).toBe(vector.ciphertext)
    expect(encrypt(vector.encodingAesKey, vector.plaintext, vector.receiveId, random)).toBe(vector.ciphertext)
  })
})

describe('CH-01 what is not the platform’s is refused', () => {
  const vector = vectors.envelopes.find(({ id }) => id === 'OA-5') ?? vectors.envelopes[0]!
  const open =
    (ciphertext: string, envelope = { encodingAesKey: vector.encodingAesKey, receiveId: vector.receiveId }) =>
    () =>
      decryptMessage(envelope, ciphertext)
  /** 16 random bytes, a declared length, "abcd", the receive id, and 22 bytes of padding up to two blocks of 32. */
  const PADDING = 22
  const layout = (declared: number, padding: Buffer): Buffer => {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(declared)
    return Buffer.concat([Buffer.alloc(16, 'r'), size, Buffer.from('abcd'), Buffer.from(vector.receiveId), padding])
  }
  const seal = (plain: Buffer): string => {
    const key = Buffer.from(`${vector.encodingAesKey}=`, 'base64')
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  }

  test('one flipped bit of a signature', () => {
    const signature = vector.msgSignature ?? ''
    const last = signature.at(-1) === '0' ? '1' : '0'
    expect(sameSignature(signature, signature)).toBe(true)
    expect(sameSignature(signature, signature.slice(0, -1) + last)).toBe(false)
  })

  test.each(['', 'a', 'A'.repeat(40), 'é'.repeat(40), 'é'.repeat(20), 'a'.repeat(4000)])(
    'a signature %j of another length or alphabet',
    (received) => {
      expect(sameSignature(vector.msgSignature ?? '', received)).toBe(false)
    },
  )

  test('another nonce, another time, a token of another case', () => {
    const { token = '', timestamp = '', nonce = '', ciphertext, msgSignature } = vector
    expect(signatureOf(token, timestamp, `${nonce}1`, ciphertext)).not.toBe(msgSignature)
    expect(signatureOf(token, `${timestamp}1`, nonce, ciphertext)).not.toBe(msgSignature)
    expect(signatureOf(token.toUpperCase(), timestamp, nonce, ciphertext)).not.toBe(msgSignature)
  })

  test.each(vectors.envelopes.map(({ id, ...rest }) => [id, rest] as const))(
    '%s with its last block cut',
    (_id, { ciphertext, encodingAesKey, receiveId }) => {
      const bytes = Buffer.from(ciphertext, 'base64')
      for (const cut of [1, 16, 32]) {
        const shorter = bytes.subarray(0, bytes.length - cut).toString('base64')
        expect(open(shorter, { encodingAesKey, receiveId })).toThrow(SignatureInvalid)
      }
    },
  )

  test.each(['', 'wx2c2769f8efd9abc3', 'wx2c2769f8efd9abc2 ', 'wx2c2769f8efd9abc', 'WX2C2769F8EFD9ABC2'])(
    'an envelope for another account: %j',
    (receiveId) => {
      expect(open(vector.ciphertext, { encodingAesKey: vector.encodingAesKey, receiveId })).toThrow(SignatureInvalid)
    },
  )

  test.each(['', 'AAAA', '!!!!', 'A'.repeat(43), '\u0000'])('no envelope at all: %j', (ciphertext) => {
    expect(open(ciphertext)).toThrow(SignatureInvalid)
  })

  test('every pad byte but the right one', () => {
    expect(decryptMessage(vector, seal(layout(4, Buffer.alloc(PADDING, PADDING))))).toBe('abcd')
    for (const pad of [0, 1, PADDING - 1, PADDING + 1, 32, 33, 255])
      expect(open(seal(layout(4, Buffer.alloc(PADDING, pad))))).toThrow(SignatureInvalid)
  })

  test('padding whose bytes differ', () => {
    const padding = Buffer.alloc(PADDING, PADDING)
    padding[0] = 1
    expect(open(seal(layout(4, padding)))).toThrow(SignatureInvalid)
  })

  test.each([5, 22, 23, 100, 0x7fff_ffff, 0xffff_ffff, 3, 0])('a declared length of %d where 4 bytes follow', (declared) => {
    expect(open(seal(layout(declared, Buffer.alloc(PADDING, PADDING))))).toThrow(SignatureInvalid)
  })

  test('a full block of padding is the rule when the content fills its blocks', () => {
    const message = 'x'.repeat(128 - 20 - vector.receiveId.length)
    const sealed = encryptMessage(vector, message)
    expect(Buffer.from(sealed, 'base64')).toHaveLength(160)
    expect(decryptMessage(vector, sealed)).toBe(message)
  })
})

describe('CH-01 sealing and opening', () => {
  const envelope = { encodingAesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR', receiveId: 'wx49f0ab532d5d035a' }
  const texts = Array.from({ length: 200 }, (_, index) => '客a😀\n<]]>&'.repeat(index % 7) + 'z'.repeat(index))

  test('any text comes back as it went in, and the vendor’s library agrees', () => {
    for (const text of texts) {
      const sealed = encryptMessage(envelope, text)
      expect(decryptMessage(envelope, sealed)).toBe(text)
      expect(decrypt(envelope.encodingAesKey, sealed)).toMatchObject({ message: text, id: envelope.receiveId })
      expect(decryptMessage(envelope, encrypt(envelope.encodingAesKey, text, envelope.receiveId))).toBe(text)
    }
  })

  test('the same text is never sealed twice alike', () => {
    expect(encryptMessage(envelope, 'a')).not.toBe(encryptMessage(envelope, 'a'))
  })
})

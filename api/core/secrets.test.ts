import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { createSecretBox, sameSecret } from './secrets.ts'

const old = { id: 'k1', key: randomBytes(32) }
const fresh = { id: 'k2', key: randomBytes(32) }

test('a sealed secret opens only for the row it was sealed for', () => {
  const box = createSecretBox([old])
  const sealed = box.seal('appSecret', 'account-1')
  expect(sealed).not.toContain('appSecret')
  expect(box.open(sealed, 'account-1')).toBe('appSecret')
  expect(() => box.open(sealed, 'account-2')).toThrow()
})

test('a changed ciphertext is refused', () => {
  const box = createSecretBox([old])
  const parts = box.seal('appSecret', 'account-1').split('.')
  const data = Buffer.from(parts[4] ?? '', 'base64url')
  data[0] = (data[0] ?? 0) ^ 1
  parts[4] = data.toString('base64url')
  expect(() => box.open(parts.join('.'), 'account-1')).toThrow()
})

test('after a rotation old secrets still open, new ones use the first key, and the old key can go once all are resealed', () => {
  const sealed = createSecretBox([old]).seal('appSecret', 'a')
  const rotating = createSecretBox([fresh, old])
  expect(rotating.isCurrent(sealed)).toBe(false)
  const resealed = rotating.seal(rotating.open(sealed, 'a'), 'a')
  expect(rotating.isCurrent(resealed)).toBe(true)
  expect(createSecretBox([fresh]).open(resealed, 'a')).toBe('appSecret')
  expect(() => createSecretBox([fresh]).open(sealed, 'a')).toThrow('unknown key')
})

test('comparing takes texts of any length', () => {
  expect(sameSecret('a', 'a')).toBe(true)
  expect(sameSecret('a', 'ab')).toBe(false)
})

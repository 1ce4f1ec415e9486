/** Secrets at rest: AES-256-GCM under a key ring. Format: `v1.<key id>.<iv>.<tag>.<ciphertext>`, base64url. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

export interface SecretBox {
  /** `bound` ties the ciphertext to its row, so that it cannot be moved to another. */
  seal(plain: string, bound: string): string
  /** @throws Error when the key is unknown or the text was changed */
  open(sealed: string, bound: string): string
  /** Sealed under the newest key? */
  isCurrent(sealed: string): boolean
}

export function createSecretBox(keys: { id: string; key: Buffer }[]): SecretBox {
  const [current] = keys
  if (!current) throw new Error('no secret key configured')
  return {
    seal(plain, bound) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(bound))
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return ['v1', current.id, iv.toString('base64url'), cipher.getAuthTag().toString('base64url'), data.toString('base64url')].join('.')
    },
    open(sealed, bound) {
      const [version, id, iv = '', tag = '', data = ''] = sealed.split('.')
      const entry = keys.find((key) => key.id === id)
      if (version !== 'v1' || !entry) throw new Error(`secret sealed under unknown key "${id}"`)
      const decipher = createDecipheriv('aes-256-gcm', entry.key, Buffer.from(iv, 'base64url'))
      decipher.setAAD(Buffer.from(bound)).setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString('utf8')
    },
    isCurrent: (sealed) => sealed.startsWith(`v1.${current.id}.`),
  }
}

export const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest()
/** 256 random bits for sessions, tickets and customer tokens; only their digest is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const sign = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64url')
/** Constant time for any two strings. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

/** The platform's envelope, written once more for the test: it must not share a mistake with the adapter. */
import { createCipheriv, randomBytes } from 'node:crypto'

export interface Envelope {
  token: string
  encodingAesKey: string
  appId: string
}

export function encryptEnvelope({ encodingAesKey, appId }: Envelope, plain: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const message = Buffer.from(plain)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const body = Buffer.concat([randomBytes(16), length, message, Buffer.from(appId)])
  const pad = 32 - (body.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([body, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64')
}

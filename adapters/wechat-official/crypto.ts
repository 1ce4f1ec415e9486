/**
 * Signatures and the AES envelope of callbacks, shared by verification, encrypted answers and the simulator.
 * https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
 */
import { createCipheriv, createDecipheriv, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { SignatureInvalid } from '../contract/failures.ts'

/** Who may open an envelope: the account's key (43 characters) and the id that must stand at the end of the plaintext (the AppID). */
export interface Envelope {
  encodingAesKey: string
  receiveId: string
}

const RANDOM_BYTES = 16
const HEADER_BYTES = RANDOM_BYTES + 4
/** PKCS#7 over blocks of 32 although AES has 16: OpenSSL's own unpadding refuses the pad bytes 17 to 32. */
const PAD_BLOCK = 32

/** SHA-1 in lower-case hex, over UTF-8. */
export const sha1Hex = (text: string): string => hash('sha1', text)

export const sha256Hex = (text: string): string => hash('sha256', text)

/** The platform's signature: the parts in byte order, joined without a separator, SHA-1. */
export function signatureOf(...parts: string[]): string {
  return sha1Hex(parts.sort().join(''))
}

/** Constant time for digests of one length; a wrong length says nothing about the secret. */
export function sameSignature(expected: string, received: string): boolean {
  const left = Buffer.from(expected)
  const right = Buffer.from(received)
  return left.length === right.length && timingSafeEqual(left, right)
}

const keyOf = (envelope: Envelope): Buffer => Buffer.from(`${envelope.encodingAesKey}=`, 'base64')

/**
 * Seals `message` as the platform does; base64.
 * @param random 16 bytes; the platform itself uses 16 ASCII characters
 */
export function encryptMessage(envelope: Envelope, message: string, random: Buffer = Buffer.from(randomBytes(8).toString('hex'))): string {
  const key = keyOf(envelope)
  const content = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const plain = Buffer.concat([random, length, content, Buffer.from(envelope.receiveId)])
  const pad = PAD_BLOCK - (plain.length % PAD_BLOCK)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
}

/**
 * Opens an envelope whose signature has been checked.
 * @throws SignatureInvalid for every fault: length, padding, declared size, foreign receive id
 */
export function decryptMessage(envelope: Envelope, encrypted: string): string {
  const plain = decipher(keyOf(envelope), Buffer.from(encrypted, 'base64'))
  const end = plain.length - padLength(plain)
  if (end < HEADER_BYTES) throw new SignatureInvalid()
  const tail = HEADER_BYTES + plain.readUInt32BE(RANDOM_BYTES)
  if (tail > end) throw new SignatureInvalid()
  // The id is public and the signature has been checked: nothing here is worth a constant time.
  if (plain.toString('utf8', tail, end) !== envelope.receiveId) throw new SignatureInvalid()
  return plain.toString('utf8', HEADER_BYTES, tail)
}

function decipher(key: Buffer, encrypted: Buffer): Buffer {
  if (key.length !== 32 || encrypted.length === 0 || encrypted.length % PAD_BLOCK !== 0) throw new SignatureInvalid()
  // Whole blocks and no padding of OpenSSL's: `update` gives everything, nothing is held back for `final`.
  return createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(encrypted)
}

function padLength(plain: Buffer): number {
  const pad = plain[plain.length - 1] ?? 0
  if (pad < 1 || pad > PAD_BLOCK) throw new SignatureInvalid()
  for (let at = plain.length - pad; at < plain.length; at++) if (plain[at] !== pad) throw new SignatureInvalid()
  return pad
}

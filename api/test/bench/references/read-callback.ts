/**
 * The least that reads a sealed callback: no limits, no checks of shape, every fault an exception. It marks what the work costs at best
 * and is nothing to build on.
 */
import { createDecipheriv, createHash } from 'node:crypto'
import { officialAccount } from '../settings.ts'

const KEY = Buffer.from(`${officialAccount.encodingAesKey}=`, 'base64')
const VECTOR = KEY.subarray(0, 16)
const HEADER_BYTES = 20

/** One level of elements, each a CDATA section or plain text. */
export function readFlatXml(xml: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (let at = xml.indexOf('<xml>') + 5; ;) {
    const open = xml.indexOf('<', at)
    if (open < 0 || xml[open + 1] === '/') return fields
    const openEnd = xml.indexOf('>', open)
    const name = xml.slice(open + 1, openEnd)
    const literal = xml.startsWith('<![CDATA[', openEnd + 1)
    const start = literal ? openEnd + 10 : openEnd + 1
    const end = xml.indexOf(literal ? ']]>' : '<', start)
    fields[name] = xml.slice(start, end)
    at = xml.indexOf('>', literal ? end + 3 : end) + 1
  }
}

export function checkSignature(query: URLSearchParams, sealed: string): void {
  const parts = [officialAccount.token, query.get('timestamp') ?? '', query.get('nonce') ?? '', sealed]
  const expected = createHash('sha1').update(parts.sort().join('')).digest('hex')
  if (expected !== query.get('msg_signature')) throw new Error('signature')
}

export function decrypt(sealed: string): string {
  const decipher = createDecipheriv('aes-256-cbc', KEY, VECTOR).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()])
  const end = plain.length - (plain.at(-1) ?? 0)
  const tail = HEADER_BYTES + plain.readUInt32BE(16)
  if (plain.toString('latin1', tail, end) !== officialAccount.appId) throw new Error('receiver')
  return plain.toString('utf8', HEADER_BYTES, tail)
}

export function readCallback(query: string, body: string): Record<string, string> {
  const sealed = readFlatXml(body)['Encrypt'] ?? ''
  checkSignature(new URLSearchParams(query), sealed)
  return readFlatXml(decrypt(sealed))
}

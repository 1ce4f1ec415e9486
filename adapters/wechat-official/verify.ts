/**
 * Is this request the platform's? Three modes: plain, compatible (clear fields and an envelope), safe (envelope alone).
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
 */
import type { CallbackRequest, ChannelAccount, Verified } from '../contract/adapter.ts'
import { SignatureInvalid } from '../contract/failures.ts'
import type { OfficialAccountConfig } from './config.ts'
import { decryptMessage, sameSignature, signatureOf } from './crypto.ts'
import { parsePayload } from './payload.ts'
import { textOf } from './fields.ts'

/** `echostr` goes back to the caller and no signature covers it: nothing that a browser could take for a page. */
const SAFE_ECHO = /^[^<>&"'\p{Cc}]{1,1024}$/u

/** @throws SignatureInvalid for every fault, whatever it was */
export function verify(request: CallbackRequest, account: ChannelAccount<OfficialAccountConfig>, now: Date): Verified {
  try {
    return verified(request, account.config, now)
  } catch {
    throw new SignatureInvalid()
  }
}

function verified(request: CallbackRequest, config: OfficialAccountConfig, now: Date): Verified {
  const query = readQuery(request.rawQuery)
  requireFresh(query.timestamp, config.timestampToleranceSeconds, now)
  if (request.method === 'GET') return { challenge: challengeOf(query, config) }
  const body = request.body.toString('utf8')
  return { payload: config.mode === 'plain' ? plainPayload(body, query, config) : sealedPayload(body, query, config) }
}

interface CallbackQuery {
  signature: string
  msg_signature: string
  timestamp: string
  nonce: string
  encrypt_type: string
  echostr: string
}

/** `+` stays: it may belong to a value that was signed. A name given twice is refused, lest two readers disagree. */
function readQuery(rawQuery: string): CallbackQuery {
  const query: CallbackQuery = { signature: '', msg_signature: '', timestamp: '', nonce: '', encrypt_type: '', echostr: '' }
  for (let at = 0; at < rawQuery.length;) {
    const next = rawQuery.indexOf('&', at)
    const end = next < 0 ? rawQuery.length : next
    const cut = rawQuery.indexOf('=', at)
    const name = rawQuery.slice(at, cut < 0 ? end : Math.min(cut, end))
    if (isQueryName(name)) {
      if (query[name] !== '') throw new SignatureInvalid()
      query[name] = decoded(rawQuery.slice(at + name.length + 1, end))
    }
    at = end + 1
  }
  return query
}

function isQueryName(name: string): name is keyof CallbackQuery {
  return (
    name === 'signature' ||
    name === 'timestamp' ||
    name === 'nonce' ||
    name === 'msg_signature' ||
    name === 'encrypt_type' ||
    name === 'echostr'
  )
}

const decoded = (value: string): string => (value.includes('%') ? decodeURIComponent(value) : value)

/** Guards against replay. The platform signs anew for every redelivery, so the age of the message plays no part. */
function requireFresh(timestamp: string, toleranceSeconds: number, now: Date): void {
  if (!/^\d{1,12}$/.test(timestamp)) throw new SignatureInvalid()
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) throw new SignatureInvalid()
}

/** The address check signs without the envelope in every mode. */
function challengeOf(query: CallbackQuery, config: OfficialAccountConfig): string {
  requireSignature(signatureOf(config.token, query.timestamp, query.nonce), query.signature)
  if (!SAFE_ECHO.test(query.echostr)) throw new SignatureInvalid()
  return query.echostr
}

function requireSignature(expected: string, received: string): void {
  if (!sameSignature(expected, received)) throw new SignatureInvalid()
}

function plainPayload(body: string, query: CallbackQuery, config: OfficialAccountConfig): string {
  requireSignature(signatureOf(config.token, query.timestamp, query.nonce), query.signature)
  // The owner has switched encryption on at the platform but not here: a refusal is seen, an unreadable message would be lost.
  if (query.encrypt_type === 'aes') throw new SignatureInvalid()
  // No signature covers the body in this mode: what cannot be read (a DOCTYPE, garbage) was not sent by the platform.
  const fields = parsePayload(body)
  // Two accounts with the same token: nothing but the addressee tells them apart.
  if (config.originalId !== undefined && textOf(fields, 'ToUserName') !== config.originalId) throw new SignatureInvalid()
  return body
}

/** In compatible mode the clear fields are not covered by any signature: only the envelope counts. */
function sealedPayload(body: string, query: CallbackQuery, config: OfficialAccountConfig): string {
  const encrypted = textOf(parsePayload(body), 'Encrypt')
  if (encrypted === '' || config.encodingAesKey === undefined) throw new SignatureInvalid()
  requireSignature(signatureOf(config.token, query.timestamp, query.nonce, encrypted), query.msg_signature)
  return decryptMessage({ encodingAesKey: config.encodingAesKey, receiveId: config.appId }, encrypted)
}

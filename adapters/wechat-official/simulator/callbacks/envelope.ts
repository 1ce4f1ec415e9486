/** Signs and encrypts a callback the way the platform does, faults included. */
import { encryptMessage, signatureOf } from '../../crypto.ts'
import { newNonce, newRandom16 } from '../state/identifiers.ts'
import type { Account } from '../state/records.ts'
import type { CallbackFaultKind } from '../types.ts'
import { writeBody, type BodyFields } from './body.ts'

/** Beyond every tolerance that a receiver might allow. */
const STALE_BY_SECONDS = 86_400 * 30
const FOREIGN_APP_ID = 'wx0000000000000000'

export interface SignedCallback {
  url: string
  contentType: string
  body: string
}

const withQuery = (address: string, query: Record<string, string>) =>
  `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(query).toString()}`

const timestampAt = (now: number, fault: CallbackFaultKind | undefined) =>
  String(Math.floor(now / 1000) - (fault === 'stale_timestamp' ? STALE_BY_SECONDS : 0))

/** Still 40 hexadecimal digits, but others. */
const spoil = (signature: string) => signature.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))

export const encryptFor = (account: Account, text: string, fault?: CallbackFaultKind) =>
  encryptMessage(
    { encodingAesKey: account.encodingAesKey ?? '', receiveId: fault === 'wrong_appid' ? FOREIGN_APP_ID : account.appId },
    text,
    Buffer.from(newRandom16()),
  )

const sealedBody = (account: Account, fields: BodyFields, fault: CallbackFaultKind | undefined) => {
  const encrypted = encryptFor(account, writeBody(fields, account.format), fault)
  const clear = account.mode === 'compatible' ? fields : { ToUserName: fields['ToUserName'] ?? '' }
  return { encrypted, body: writeBody({ ...clear, Encrypt: encrypted }, account.format) }
}

/** Fresh timestamp and nonce with every attempt. */
export const signCallback = (
  account: Account,
  message: { openId: string; fields: BodyFields; fault: CallbackFaultKind | undefined },
  now: number,
): SignedCallback => {
  const { openId, fields, fault } = message
  const timestamp = timestampAt(now, fault)
  const nonce = newNonce()
  const outward = (signature: string) => (fault === 'wrong_signature' ? spoil(signature) : signature)
  const query: Record<string, string> = {
    signature: outward(signatureOf(account.token, timestamp, nonce)),
    timestamp,
    nonce,
    openid: openId,
  }
  const contentType = account.format === 'json' ? 'application/json' : 'text/xml'
  if (account.mode === 'plain') {
    if (fault === 'missing_signature') delete query['signature']
    return { url: withQuery(account.callbackUrl ?? '', query), contentType, body: writeBody(fields, account.format) }
  }
  const { encrypted, body } = sealedBody(account, fields, fault)
  query['encrypt_type'] = 'aes'
  if (fault !== 'missing_signature') query['msg_signature'] = outward(signatureOf(account.token, timestamp, nonce, encrypted))
  return { url: withQuery(account.callbackUrl ?? '', query), contentType, body }
}

/** The address check that the platform makes when the owner saves the callback's settings. */
export const signAddressCheck = (account: Account, echo: string, now: number): string => {
  const timestamp = String(Math.floor(now / 1000))
  const nonce = newNonce()
  return withQuery(account.callbackUrl ?? '', { signature: signatureOf(account.token, timestamp, nonce), echostr: echo, timestamp, nonce })
}

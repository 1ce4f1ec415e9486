/** Callbacks as the platform sends them in safe mode. */
import { randomInt } from 'node:crypto'
import { encryptMessage, signatureOf } from '#adapters/wechat-official/crypto.ts'
import { writeXml } from '#adapters/wechat-official/xml.ts'
import { officialAccount, openIdOf } from '../settings.ts'

const { token, encodingAesKey, appId: receiveId, originalId } = officialAccount

export interface SealedCallback {
  query: string
  body: string
}

export function sealedCallback(conversation: number, messageId: string, text: string): SealedCallback {
  const now = Math.floor(Date.now() / 1000)
  const timestamp = String(now)
  const nonce = String(randomInt(1_000_000_000))
  const message = writeXml({
    ToUserName: originalId,
    FromUserName: openIdOf(conversation),
    CreateTime: now,
    MsgType: 'text',
    Content: text,
    MsgId: messageId,
  })
  const sealed = encryptMessage({ encodingAesKey, receiveId }, message)
  const signature = signatureOf(token, timestamp, nonce, sealed)
  return {
    query: `timestamp=${timestamp}&nonce=${nonce}&openid=${openIdOf(conversation)}&encrypt_type=aes&msg_signature=${signature}`,
    body: writeXml({ ToUserName: originalId, Encrypt: sealed }),
  }
}

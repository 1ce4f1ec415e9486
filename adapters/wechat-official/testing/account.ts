/** For tests: an account, and requests as the platform would send them to it. */
import { readFileSync, readdirSync } from 'node:fs'
import type { CallbackRequest } from '../../contract/adapter.ts'
import { configSchema, type OfficialAccountConfig } from '../config.ts'
import type { OfficialAccount } from '../connection.ts'
import { encryptMessage, signatureOf } from '../crypto.ts'
import { writeXml } from '../xml.ts'

export const SETTINGS = {
  appId: 'wx2c2769f8efd9abc2',
  appSecret: '0123456789abcdef0123456789abcdef',
  token: 'spamtest',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

export function testAccount(settings: Partial<OfficialAccountConfig> = {}): OfficialAccount {
  return { id: '0192e4a0-0000-7000-8000-000000000001', kind: 'wechat-official', config: configSchema.parse({ ...SETTINGS, ...settings }) }
}

export const NOW = new Date('2024-04-26T06:20:45Z')
const TIMESTAMP = String(NOW.getTime() / 1000)
const NONCE = '415670741'

/** A POST in safe mode; `format` is how the account takes its callbacks. */
export function sealedCallback(payload: string, account = testAccount(), format: 'xml' | 'json' = 'xml'): CallbackRequest {
  const { appId, token, encodingAesKey = '' } = account.config
  const encrypted = encryptMessage({ encodingAesKey, receiveId: appId }, payload)
  const fields = { ToUserName: 'gh_10f6c3c3ac5a', Encrypt: encrypted }
  return post(format === 'xml' ? writeXml(fields) : JSON.stringify(fields), {
    signature: signatureOf(token, TIMESTAMP, NONCE),
    encrypt_type: 'aes',
    msg_signature: signatureOf(token, TIMESTAMP, NONCE, encrypted),
  })
}

/** A POST in plain mode. */
export function plainCallback(payload: string, account = testAccount({ mode: 'plain' })): CallbackRequest {
  return post(payload, { signature: signatureOf(account.config.token, TIMESTAMP, NONCE) })
}

export function post(body: string, query: Record<string, string>): CallbackRequest {
  const rawQuery = Object.entries({ timestamp: TIMESTAMP, nonce: NONCE, openid: 'oUser', ...query })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return { method: 'POST', rawQuery, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) }
}

/** The platform's address check. */
export function addressCheck(echo: string, account = testAccount()): CallbackRequest {
  const signature = signatureOf(account.config.token, TIMESTAMP, NONCE)
  return {
    method: 'GET',
    rawQuery: `signature=${signature}&timestamp=${TIMESTAMP}&nonce=${NONCE}&echostr=${echo}`,
    headers: {},
    body: Buffer.alloc(0),
  }
}

const FIXTURES = new URL('../fixtures/', import.meta.url)

export const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8')

/** All payloads by file name. */
export function payloadFixtures(): Record<string, string> {
  const names = readdirSync(FIXTURES).filter((name) => /\.xml$|^event-.*\.json$/.test(name))
  return Object.fromEntries(names.sort().map((name) => [name, fixture(name)]))
}

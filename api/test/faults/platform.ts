/**
 * The platform's side of a load: customers whose numbered messages are sent again until they are acknowledged, as WeChat does,
 * and a customer-service interface that remembers every answer it accepted.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { encryptEnvelope, type Envelope } from './seal.ts'

export interface Sent {
  openId: string
  content: string
}

export interface FakePlatform {
  base: string
  /** Answers accepted, in order. */
  sent: Sent[]
  stop(): Promise<void>
}

export function startPlatform(): Promise<FakePlatform> {
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const answer = (value: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url?.startsWith('/cgi-bin/stable_token')) return void answer({ access_token: 'token-of-the-fault-test', expires_in: 7200 })
    if (request.url?.startsWith('/cgi-bin/message/custom/send')) {
      const message: { touser: string; text: { content: string } } = JSON.parse(body)
      sent.push({ openId: message.touser, content: message.text.content })
      return void answer({ errcode: 0, errmsg: 'ok' })
    }
    answer({ errcode: 0, errmsg: 'ok', subscribe: 1 })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      resolve({
        base: `http://127.0.0.1:${port}`,
        sent,
        stop: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}

const sha1 = (parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex')

/** One delivery of a text message in safe mode: signed anew each time, the message itself the same. @returns whether it was acknowledged */
export async function deliver(
  callbackUrl: string,
  keys: Envelope,
  message: { openId: string; content: string; msgId: string; createTime: number },
): Promise<boolean> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(5).toString('hex')
  const inner = `<xml><ToUserName><![CDATA[gh_fault]]></ToUserName><FromUserName><![CDATA[${message.openId}]]></FromUserName><CreateTime>${message.createTime}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${message.content}]]></Content><MsgId>${message.msgId}</MsgId></xml>`
  const encrypted = encryptEnvelope(keys, inner)
  const query = new URLSearchParams({
    signature: sha1([keys.token, timestamp, nonce]),
    timestamp,
    nonce,
    openid: message.openId,
    encrypt_type: 'aes',
    msg_signature: sha1([keys.token, timestamp, nonce, encrypted]),
  })
  try {
    const answer = await fetch(`${callbackUrl}?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: `<xml><ToUserName><![CDATA[gh_fault]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
      signal: AbortSignal.timeout(5000),
    })
    return answer.status === 200 && (await answer.text()) === 'success'
  } catch {
    return false
  }
}

/**
 * Plays the SMS interfaces of Tencent Cloud and Aliyun over their own wire, signatures checked: the vendors' SDKs cannot tell it from them.
 * https://cloud.tencent.com/document/api/382/52071 (TC3-HMAC-SHA256) · https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

export interface GatewayMessage {
  vendor: 'tencent' | 'aliyun'
  phone: string
  fields: Record<string, string>
}

export interface SmsGateways {
  url: string
  messages: GatewayMessage[]
  /** What the next calls are answered with instead: a vendor's code, an HTTP status, or `reset`: a connection that ends. */
  fail(...faults: (string | number)[]): void
  close(): Promise<void>
}

interface Call {
  request: IncomingMessage
  body: string
}
const header = ({ request }: Call, name: string) => String(request.headers[name] ?? '')

/** @returns whether the signature of `Authorization` is the secret's */
function tencentSigned(call: Call, secretKey: string): boolean {
  const [, date = '', service = '', names = '', signature = ''] =
    /Credential=[^/]+\/([\d-]+)\/([^/]+)\/tc3_request, SignedHeaders=([^,]+), Signature=(\w+)/.exec(header(call, 'authorization')) ?? []
  // The SDK signs the host without its port; the platform's own has none.
  const valueOf = (name: string) => (name === 'host' ? header(call, name).replace(/:\d+$/, '') : header(call, name))
  const headers = names.split(';').map((name) => `${name}:${valueOf(name).trim().toLowerCase()}\n`)
  const canonical = ['POST', '/', '', headers.join(''), names, sha(call.body)].join('\n')
  const text = ['TC3-HMAC-SHA256', header(call, 'x-tc-timestamp'), `${date}/${service}/tc3_request`, sha(canonical)].join('\n')
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
  return signature !== '' && hmac(key, text).toString('hex') === signature
}

function aliyunSigned(call: Call, secret: string): boolean {
  const [, names = '', signature = ''] = /SignedHeaders=([^,]+),\s*Signature=(\w+)/.exec(header(call, 'authorization')) ?? []
  const url = new URL(call.request.url ?? '/', 'http://localhost')
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const headers = names.split(';').map((name) => `${name}:${header(call, name).trim()}\n`)
  const canonical = ['POST', url.pathname, query.join('&'), headers.join(''), names, sha(call.body)].join('\n')
  return signature !== '' && hmac(secret, `ACS3-HMAC-SHA256\n${sha(canonical)}`).toString('hex') === signature
}

function asTencent(call: Call, secretKey: string, fault: string | undefined): { message?: GatewayMessage; answer: unknown } {
  const refuse = (Code: string) => ({ answer: { Response: { Error: { Code, Message: Code }, RequestId: 'r-1' } } })
  if (!tencentSigned(call, secretKey)) return refuse('AuthFailure.SignatureFailure')
  const body: { PhoneNumberSet: string[]; TemplateParamSet: string[]; SignName: string; TemplateId: string; SmsSdkAppId: string } =
    JSON.parse(call.body)
  const [phone = ''] = body.PhoneNumberSet
  // A fault of the number stands in the message's own status, others in the answer's error.
  if (fault && !/^(FailedOperation\.PhoneNumber|LimitExceeded\.PhoneNumber)/.test(fault)) return refuse(fault)
  const status = {
    SerialNo: fault ? '' : '2640:1',
    PhoneNumber: phone,
    Fee: 1,
    SessionContext: '',
    Code: fault ?? 'Ok',
    Message: fault ?? 'send success',
    IsoCode: 'CN',
  }
  const fields = { code: body.TemplateParamSet.join(), sign: body.SignName, template: body.TemplateId, app: body.SmsSdkAppId }
  const answer = { Response: { SendStatusSet: [status], RequestId: 'r-1' } }
  return fault ? { answer } : { message: { vendor: 'tencent', phone, fields }, answer }
}

function asAliyun(call: Call, secret: string, fault: string | undefined): { message?: GatewayMessage; answer: unknown } {
  if (!aliyunSigned(call, secret)) return { answer: { Code: 'SignatureDoesNotMatch', Message: 'signature', RequestId: 'r-1' } }
  if (fault) return { answer: { Code: fault, Message: fault, RequestId: 'r-1' } }
  const query = new URL(call.request.url ?? '/', 'http://localhost').searchParams
  const fields = Object.fromEntries(['SignName', 'TemplateCode', 'TemplateParam'].map((name) => [name, query.get(name) ?? '']))
  const message: GatewayMessage = { vendor: 'aliyun', phone: query.get('PhoneNumbers') ?? '', fields }
  return { message, answer: { Code: 'OK', Message: 'OK', BizId: '900619746936498440^0', RequestId: 'r-1' } }
}

export async function startSmsGateways(secrets: { tencent: string; aliyun: string }): Promise<SmsGateways> {
  const messages: GatewayMessage[] = []
  const faults: (string | number)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const call = { request, body: Buffer.concat(chunks).toString('utf8') }
      const fault = faults.shift()
      if (fault === 'reset') return void request.socket.destroy()
      if (typeof fault === 'number') return void response.writeHead(fault).end('out of service')
      const { message, answer } = request.headers['x-tc-action']
        ? asTencent(call, secrets.tencent, fault)
        : asAliyun(call, secrets.aliyun, fault)
      if (message) messages.push(message)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    fail: (...more) => void faults.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

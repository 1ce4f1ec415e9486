/** 阿里云短信, API 2017-05-25 by the vendor's SDK. https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms */
import { z } from 'zod'
import { addressOf, type MakeSmsProvider, SmsFailure, TIMEOUT_SECONDS, unreachable, valueOf } from './provider.ts'

/** Of the number or of how often it was written to. */
const OF_THE_NUMBER = /^isv\.(MOBILE_NUMBER_ILLEGAL|MOBILE_COUNT_OVER_LIMIT|BUSINESS_LIMIT_CONTROL|BLACK_KEY_CONTROL_LIMIT|DENY_IP_RANGE)/
const SOON = /^(isp\.SYSTEM_ERROR|isp\.RAM_PERMISSION_RETRY|Throttling|ServiceUnavailable|InternalError|isp\.GATEWAY_ERROR)/

const failure = (code: string, message: string) =>
  OF_THE_NUMBER.test(code)
    ? new SmsFailure(code, message, { fault: 'number', retry: false })
    : new SmsFailure(code, message, { fault: 'provider', retry: SOON.test(code) })

const sdkError = z.object({ code: z.string().min(1), message: z.string(), statusCode: z.number() })
const answer = z.object({ body: z.object({ code: z.string(), message: z.string().optional(), bizId: z.string().optional() }) })

/** The mainland by its bare number, other regions with theirs and without a plus. */
const asAliyunTakesIt = (e164: string) => (e164.startsWith('+86') ? e164.slice(3) : e164.slice(1))

export const makeAliyun: MakeSmsProvider = async (values) => {
  const { default: module, SendSmsRequest } = await import('@alicloud/dysmsapi20170525')
  const { Config } = await import('@alicloud/openapi-client')
  const { protocol, host } = addressOf(values['endpoint'], 'dysmsapi.aliyuncs.com')
  const Client = 'default' in module ? module.default : module
  // The client's own package carries a second copy of this class; they differ by nothing but their place.
  const client = new Client(
    new Config({
      accessKeyId: valueOf(values, 'accessKeyId'),
      accessKeySecret: valueOf(values, 'accessKeySecret'),
      endpoint: host,
      protocol,
      connectTimeout: TIMEOUT_SECONDS * 1000,
      readTimeout: TIMEOUT_SECONDS * 1000,
    }),
  )
  return {
    async send({ phone, params }) {
      const request = new SendSmsRequest({
        phoneNumbers: asAliyunTakesIt(phone),
        signName: valueOf(values, 'signName'),
        templateCode: valueOf(values, 'templateCode'),
        templateParam: JSON.stringify({ code: params['code'] ?? '000000' }),
      })
      const raw: unknown = await client.sendSms(request).catch((error: unknown) => {
        const known = sdkError.safeParse(error)
        throw known.success ? failure(known.data.code, known.data.message) : unreachable(error)
      })
      const read = answer.safeParse(raw)
      if (!read.success) throw new SmsFailure('malformed_answer', 'the answer cannot be read', { fault: 'provider', retry: true })
      const { code, message, bizId } = read.data.body
      if (code !== 'OK') throw failure(code, message ?? '')
      return { messageId: bizId ?? null }
    },
  }
}

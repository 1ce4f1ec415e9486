/** 腾讯云短信, API 2021-01-11 by the vendor's SDK. https://cloud.tencent.com/document/product/382/55981 */
import { z } from 'zod'
import { addressOf, CODE_MINUTES, type MakeSmsProvider, SmsFailure, TIMEOUT_SECONDS, unreachable, valueOf } from './provider.ts'

/** Of the number or of how often it was written to: the next message to somebody else goes. */
const OF_THE_NUMBER =
  /^(InvalidParameterValue\.(IncorrectPhoneNumber|ProhibitedUseUrlInTemplateParameter)|FailedOperation\.PhoneNumberInBlacklist|LimitExceeded\.PhoneNumber|UnsupportedOperation\.)/
const SOON = /^(InternalError|RequestLimitExceeded|LimitExceeded\.DeliveryFrequencyLimit|FailedOperation\.FailResolvePacket)/

const failure = (code: string, message: string) =>
  OF_THE_NUMBER.test(code)
    ? new SmsFailure(code, message, { fault: 'number', retry: false })
    : new SmsFailure(code, message, { fault: 'provider', retry: SOON.test(code) })

const sdkError = z.object({ code: z.string().min(1), message: z.string() })
const answer = z.object({ SendStatusSet: z.tuple([z.object({ SerialNo: z.string().optional(), Code: z.string(), Message: z.string() })]) })

export const makeTencent: MakeSmsProvider = async (values) => {
  // Loaded when it is used: the start does not pay for a provider that nobody chose.
  const { sms } = await import('tencentcloud-sdk-nodejs-sms')
  const { protocol, host } = addressOf(values['endpoint'], 'sms.tencentcloudapi.com')
  const client = new sms.v20210111.Client({
    credential: { secretId: valueOf(values, 'secretId'), secretKey: valueOf(values, 'secretKey') },
    region: values['region'] ?? 'ap-guangzhou',
    profile: { httpProfile: { endpoint: host, protocol: `${protocol}://`, reqTimeout: TIMEOUT_SECONDS } },
  })
  return {
    async send({ phone, params }) {
      const raw: unknown = await client
        .SendSms({
          PhoneNumberSet: [phone],
          SmsSdkAppId: valueOf(values, 'sdkAppId'),
          SignName: valueOf(values, 'signName'),
          TemplateId: valueOf(values, 'templateId'),
          TemplateParamSet: [params['code'] ?? '000000', CODE_MINUTES],
        })
        .catch((error: unknown) => {
          const known = sdkError.safeParse(error)
          throw known.success ? failure(known.data.code, known.data.message) : unreachable(error)
        })
      const read = answer.safeParse(raw)
      if (!read.success) throw new SmsFailure('malformed_answer', 'the answer cannot be read', { fault: 'provider', retry: true })
      const [status] = read.data.SendStatusSet
      if (status.Code !== 'Ok') throw failure(status.Code, status.Message)
      return { messageId: status.SerialNo ?? null }
    },
  }
}

import type { App } from '#api/core/app.ts'
import { smsProviderOf, type SmsOutcome } from '#api/modules/identity/index.ts'
import { makeAliyun } from './aliyun.ts'
import { makeDevelopment } from './development.ts'
import { type MakeSmsProvider, SmsFailure, type SmsMessage, type SmsProvider } from './provider.ts'
import { makeTencent } from './tencent.ts'

const MAKERS: Record<'tencent' | 'aliyun', MakeSmsProvider> = { tencent: makeTencent, aliyun: makeAliyun }
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000

/** Sends by the provider that is set up now; clients are kept as long as the settings stay. */
export function createSendSms(app: App): (message: SmsMessage, attempt: number) => Promise<SmsOutcome> {
  let made: { settings: string; provider: SmsProvider } | null = null
  const providerFor = async (kind: keyof typeof MAKERS, values: Record<string, string>): Promise<SmsProvider> => {
    const settings = JSON.stringify([kind, values])
    if (made?.settings !== settings) made = { settings, provider: await MAKERS[kind](values) }
    return made.provider
  }
  return async (message, attempt) => {
    const settings = await smsProviderOf(app)
    if (!settings)
      return failed('none', new SmsFailure('not_configured', 'no provider is set up', { fault: 'provider', retry: false }), attempt)
    const { provider: kind, values } = settings
    try {
      const provider = kind === 'development' ? makeDevelopment(app) : await providerFor(kind, values)
      const { messageId } = await provider.send(message)
      return { state: 'sent', provider: kind, messageId }
    } catch (error) {
      if (error instanceof SmsFailure) return failed(kind, error, attempt)
      throw error
    }
  }
}

const failed = (provider: string, failure: SmsFailure, attempt: number): SmsOutcome => ({
  state: 'failed',
  provider,
  code: failure.code,
  detail: failure.message,
  fault: failure.fault,
  retryMs: failure.retry ? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, attempt - 1)) : null,
})

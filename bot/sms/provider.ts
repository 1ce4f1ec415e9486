/** What a provider of text messages is. */
import type { SmsProviderSettings } from '#api/modules/identity/index.ts'

export interface SmsMessage {
  /** E.164. */
  phone: string
  template: 'code' | 'test'
  /** `code`: six digits. */
  params: Record<string, string>
}

export interface SmsProvider {
  /** @throws SmsFailure; anything else is a defect */
  send(message: SmsMessage): Promise<{ messageId: string | null }>
}

export type MakeSmsProvider = (settings: SmsProviderSettings['values']) => Promise<SmsProvider>

/** SDKs quote the request when a connection fails: its address carries number and code. */
const withoutPersons = (message: string) => message.replace(/https?:\/\/\S+/g, '…').replace(/\d{5,}/g, '…')

/** The provider said no, or nothing. `code` is the provider's own word, or `unreachable`. */
export class SmsFailure extends Error {
  readonly code: string
  /** `number`: only this message is refused. `provider`: none would go now. */
  readonly fault: 'provider' | 'number'
  readonly retry: boolean
  constructor(code: string, message: string, options: { fault: 'provider' | 'number'; retry: boolean }) {
    super(withoutPersons(message))
    this.name = 'SmsFailure'
    this.code = code
    this.fault = options.fault
    this.retry = options.retry
  }
}

/** What the templates of the providers say beside the code. */
export const CODE_MINUTES = '5'
export const TIMEOUT_SECONDS = 10

export function valueOf(values: Record<string, string>, name: string): string {
  const value = values[name]
  if (!value) throw new SmsFailure('configuration', `setting ${name} is missing`, { fault: 'provider', retry: false })
  return value
}

/** `http://127.0.0.1:4000` → its parts as the SDKs take them; their own address when absent. */
export function addressOf(endpoint: string | undefined, fallback: string): { protocol: 'http' | 'https'; host: string } {
  if (!endpoint) return { protocol: 'https', host: fallback }
  const url = new URL(endpoint)
  return { protocol: url.protocol === 'http:' ? 'http' : 'https', host: url.host }
}

export const unreachable = (error: unknown): SmsFailure =>
  new SmsFailure('unreachable', error instanceof Error ? error.message : String(error), { fault: 'provider', retry: true })

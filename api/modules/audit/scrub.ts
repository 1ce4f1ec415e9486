/** The net under the callers: what looks like a secret or a phone number never reaches the trail, whoever forgot to mask it. */
const SECRET_NAME = /password|passphrase|secret|token|cookie|authorization|aes_?key|captcha|otp|totp|sms_?code|verification/i
const PHONE_NAME = /phone|mobile|tel$/i
/** Mainland mobiles, and international numbers written with +; not preceded or followed by a digit or letter, so that ids stay. */
const PHONE = /(?<![\w-])(?:\+\d{7,15}|(?:86)?1[3-9]\d{9})(?![\w-])/g

const maskDigits = (text: string) => (text.length <= 4 ? '****' : `****${text.slice(-4)}`)

/** Of a text that people chose: a nickname may be somebody's number. */
export const scrubText = (text: string): string => text.replace(PHONE, maskDigits)

function scrubValue(name: string, value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null
  if (SECRET_NAME.test(name) && typeof value !== 'object') return '[hidden]'
  if (typeof value === 'string') return PHONE_NAME.test(name) && !value.includes('*') ? maskDigits(value) : scrubText(value)
  if (Array.isArray(value)) return value.map((item: unknown) => scrubValue(name, item))
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return scrub(value)
  return value
}

export function scrub(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]: [string, unknown]) => [name, scrubValue(name, value)]))
}

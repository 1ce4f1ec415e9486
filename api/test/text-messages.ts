/** What the development provider was given to send: the only place where a test can read a code. */
import { developmentSms, type DevelopmentSms } from '#bot/sms/development.ts'
import type { TestApp } from './harness.ts'
import { until } from './until.ts'

let counter = 0
/** A mobile number that no other test of this file has. */
export const newPhone = (): string => `138${String(10_000_000 + ++counter * 7).padStart(8, '0')}`
const e164 = (phone: string) => (phone.startsWith('+') ? phone : `+86${phone}`)

/** Newest first. */
export const messagesTo = async (it: TestApp, phone: string): Promise<DevelopmentSms[]> =>
  (await developmentSms(it.process.app)).filter((message) => message.phone === e164(phone))

/** Waits for the `nth` code to this number. */
export const codeSentTo = (it: TestApp, phone: string, nth = 1): Promise<string> =>
  until(async () => {
    const codes = (await messagesTo(it, phone)).flatMap(({ code }) => (code === null ? [] : [code]))
    const code = codes[codes.length - nth]
    if (code === undefined) throw new Error(`${codes.length} of ${nth} code(s) to this number`)
    return code
  })

/** Six digits that are not these. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

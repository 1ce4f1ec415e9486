/** Phone numbers of people: read, stored and compared as E.164 (`+8613800138000`), shown masked. Pure. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { Invalid } from './errors.ts'

/** 中国大陆 and 港澳台; a message to anywhere else costs many times as much and is what pumping fraud lives on. */
const SERVED = new Set(['CN', 'HK', 'MO', 'TW'])

/** Reads a mobile number as people write it, with or without +86, spaces and dashes; null when it is none, or of elsewhere. */
export function readPhone(text: string): string | null {
  if (text.length > 40) return null
  const number = parsePhoneNumberFromString(text, { defaultCountry: 'CN', extract: false })
  if (!number?.isValid() || number.ext || !number.country || !SERVED.has(number.country)) return null
  return number.getType() === 'MOBILE' ? number.number : null
}

/**
 * As `readPhone`, for numbers that must be good.
 * @returns E.164
 * @throws Invalid `phone_invalid`; the number itself is not repeated in the error
 */
export function parsePhone(text: string): string {
  const phone = readPhone(text)
  if (phone === null) throw new Invalid('phone_invalid', 'not a mobile number of the mainland, Hong Kong, Macau or Taiwan')
  return phone
}

/** `+8613800138000` → `+86 138****8000`: the region, and of the number as much as people recognise their own by. */
export function maskPhone(e164: string): string {
  const [, region = '', number = ''] = /^(\+86|\+852|\+853|\+886|\+\d{1,2})(\d*)$/.exec(e164) ?? []
  if (number.length < 5) return '****'
  const shown = number.length >= 11 ? 3 : number.length >= 9 ? 2 : 1
  const tail = number.length >= 11 ? 4 : 3
  return `${region} ${number.slice(0, shown)}${'*'.repeat(number.length - shown - tail)}${number.slice(-tail)}`
}

/** What a password must be (BP-002.1): long rather than colourful, and nothing that is tried first. */
import { PASSWORD_MIN_LENGTH, type PasswordRule } from '../../contract/login.ts'
import { COMMON } from './common-passwords.ts'

/** Looks through what people do to a common password: case, leet, a year or exclamation marks behind it. */
const core = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s._-]/g, '')
    .replace(/[@4]/g, 'a')
    .replace(/[$5]/g, 's')
    .replace(/0/g, 'o')
    .replace(/3/g, 'e')
    .replace(/[1!|]/g, 'i')

const COMMON_CORES = new Set([...COMMON].map(core))
const trimmed = (text: string) => text.replace(/(?:19|20)\d\d[!@#.]*$/, '').replace(/[\d!@#.]{1,4}$/, '')

/**
 * @param own names that the password must not carry: user name, full name, phone
 * @returns the rule it breaks; null when it is good
 */
export function passwordFault(password: string, own: readonly (string | null)[] = []): PasswordRule | null {
  const characters = [...password.normalize('NFKC')]
  if (characters.length < PASSWORD_MIN_LENGTH) return 'too_short'
  if (new Set(characters).size < 5 || isStaircase(characters)) return 'too_uniform'
  if ([password, trimmed(password)].some((text) => COMMON_CORES.has(core(text)))) return 'too_common'
  const plain = password.normalize('NFKC').toLowerCase()
  const names = own.flatMap((name) => (name && name.length >= 3 ? [name.normalize('NFKC').toLowerCase()] : []))
  return names.some((name) => plain.includes(name)) ? 'contains_name' : null
}

/** 1234567890, abcdefghij, and backwards. */
function isStaircase(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  return [1, -1].some((step) =>
    codes.every((code, index) => index === 0 || code === (codes[index - 1] ?? 0) + step || (code === 48 && codes[index - 1] === 57)),
  )
}

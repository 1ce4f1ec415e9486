/** Reads the platform's JSON without losing the digits of 64-bit ids, which `JSON.parse` would round. */
import { MalformedPayload, collect, storable, type FieldValue, type Fields } from './fields.ts'

const MAX_LENGTH = 1_048_576
const MAX_DEPTH = 32
const MAX_VALUES = 10_000
/** Shorter integers fit a double exactly. */
const LONG_DIGITS = 16
const QUOTE = 34
const COMMA = 44
const MINUS = 45
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const BACKSLASH = 92

/**
 * As `JSON.parse`, but integers of 16 digits and more become strings. Depth and number of values are bounded before anything is built.
 * @throws MalformedPayload
 */
export function readJson(source: string): unknown {
  if (source.length > MAX_LENGTH) throw new MalformedPayload('too long')
  const quoted = quoteLongIntegers(source)
  try {
    return JSON.parse(quoted)
  } catch {
    throw new MalformedPayload('not JSON')
  }
}

/** One pass over what stands between the string literals. */
function quoteLongIntegers(source: string): string {
  let result = ''
  let copied = 0
  let depth = 0
  let values = 0
  for (let at = 0; at < source.length; at++) {
    const character = source.charCodeAt(at)
    if (character === QUOTE) at = endOfString(source, at) - 1
    else if (character === OPEN_OBJECT || character === OPEN_LIST) depth++
    else if (character === CLOSE_OBJECT || character === CLOSE_LIST) depth--
    else if (character === COMMA) values++
    else if (isDigit(character)) {
      const end = endOfDigits(source, at)
      if (end - at >= LONG_DIGITS && isInteger(source, at, end)) {
        const start = source.charCodeAt(at - 1) === MINUS ? at - 1 : at
        result += `${source.slice(copied, start)}"${source.slice(start, end)}"`
        copied = end
      }
      at = end - 1
    }
    if (depth > MAX_DEPTH || values > MAX_VALUES) throw new MalformedPayload('too deep or too many values')
  }
  return result + source.slice(copied)
}

const isDigit = (character: number): boolean => character >= 48 && character <= 57

function endOfDigits(source: string, start: number): number {
  let at = start
  while (isDigit(source.charCodeAt(at))) at++
  return at
}

/** Neither the fraction nor the exponent of a number, nor followed by one. */
function isInteger(source: string, start: number, end: number): boolean {
  return (
    !/[.eE+]/.test(source.charAt(start - 1)) &&
    !/[eE]-/.test(source.slice(Math.max(0, start - 2), start)) &&
    !/[.eE]/.test(source.charAt(end))
  )
}

function endOfString(source: string, quote: number): number {
  for (let at = quote + 1; at < source.length; at++) {
    const character = source.charCodeAt(at)
    if (character === BACKSLASH) at++
    else if (character === QUOTE) return at + 1
  }
  return source.length
}

/**
 * The members of a JSON object as fields, so that JSON accounts are read like XML accounts.
 * @throws MalformedPayload when it is no object
 */
export function parseJson(source: string): Fields {
  const value = fieldValueOf(readJson(source))
  if (value instanceof Map) return value
  throw new MalformedPayload('no fields')
}

function fieldValueOf(value: unknown): FieldValue {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(fieldValueOf)
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object') return JSON.stringify(value)
  const fields = new Map<string, FieldValue>()
  // The platform's own pages show names with a space before them.
  for (const [name, member] of Object.entries(value)) collect(fields, storable(name).trim(), fieldValueOf(member))
  return fields
}

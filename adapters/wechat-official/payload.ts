import { parseJson } from './json.ts'
import { parseXml } from './xml.ts'
import type { Fields } from './fields.ts'

/**
 * Fields of a callback body, XML by default, JSON where the account's owner chose it. The body itself tells, not its header.
 * @throws MalformedPayload
 */
export function parsePayload(payload: string): Fields {
  if (payload.startsWith('<')) return parseXml(payload)
  return /^\uFEFF?\s*\{/.test(payload) ? parseJson(payload.replace(/^\uFEFF/, '')) : parseXml(payload)
}

/** A callback's content as the platform writes it, in XML or JSON. */
import type { BodyFormat } from '../types.ts'

/** Text becomes CDATA, numbers stand bare, a list repeats its name. bigint = an id of 64 bits. */
export type BodyValue = string | number | bigint | BodyFields | BodyFields[]
export interface BodyFields {
  [name: string]: BodyValue
}

const xmlElement = (name: string, value: BodyValue): string => {
  if (Array.isArray(value)) return value.map((item) => xmlElement(name, item)).join('')
  if (typeof value === 'object') return `<${name}>${xmlChildren(value)}</${name}>`
  if (typeof value === 'string') return `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
  return `<${name}>${value}</${name}>`
}
const xmlChildren = (fields: BodyFields) =>
  Object.entries(fields)
    .map(([name, value]) => xmlElement(name, value))
    .join('\n')

/** JSON.stringify refuses bigint, and a 64-bit id must keep its digits. */
const jsonText = (value: BodyValue): string => {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`)
  return `{${members.join(',')}}`
}

export const writeBody = (fields: BodyFields, format: BodyFormat) =>
  format === 'json' ? jsonText(fields) : `<xml>${xmlChildren(fields)}</xml>`

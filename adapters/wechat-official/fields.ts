/** The named values of a callback, the same for XML and JSON accounts. Keyed by a Map, so that no name a sender chooses can touch a prototype. */

/** A repeated name is a list. Numbers stay text: a 64-bit MsgId does not fit a double. */
export type FieldValue = string | Fields | FieldValue[]
export type Fields = ReadonlyMap<string, FieldValue>

/** Authentic or not, this is nothing the platform writes. */
export class MalformedPayload extends Error {
  constructor(cause: string) {
    super(`malformed payload: ${cause}`)
    this.name = 'MalformedPayload'
  }
}

/** Text of a field; '' when absent or not text. */
export function textOf(fields: Fields, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}

/** Without what PostgreSQL or a screen cannot hold: NUL, lone surrogates. Both readers apply it. */
export function storable(text: string): string {
  const withoutNul = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text
  return withoutNul.isWellFormed() ? withoutNul : withoutNul.toWellFormed()
}

/** Collects a value under its name; the second one makes a list. */
export function collect(fields: Map<string, FieldValue>, name: string, value: FieldValue): void {
  const present = fields.get(name)
  if (present === undefined) fields.set(name, value)
  else if (Array.isArray(present)) present.push(value)
  else fields.set(name, [present, value])
}

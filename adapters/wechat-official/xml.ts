/**
 * Reads and writes the little XML that callbacks use: elements, text and CDATA. Document types, entities of one's own, comments and
 * processing instructions are refused, so there is nothing to expand and nothing to fetch. One pass, work proportional to the length.
 */
import { MalformedPayload, collect, storable, type FieldValue, type Fields } from './fields.ts'

const MAX_LENGTH = 1_048_576
const MAX_DEPTH = 16
const MAX_ELEMENTS = 2_000
/** Texts come as CDATA, where there are none at all. */
const MAX_REFERENCES = 1_000

const CDATA_START = '<![CDATA['
const CDATA_END = ']]>'
const SPACE = 32
const LESS = 60
const SLASH = 47
const BANG = 33
const GREATER = 62
const UNDERSCORE = 95
const LETTER_A = 97
const LETTER_Z = 122
const LOWER_CASE_BIT = 32
const DECLARATION = /^\uFEFF?\s*(?:<\?xml\s[^<>?]*\?>\s*)?/
const OPEN_TAG = /<([A-Za-z_][\w.-]*)(?:\s[^<>]*|\/)?>/y
const CLOSE_TAG = /<\/([A-Za-z_][\w.-]*)\s*>/y
const REFERENCE = /&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z]\w{0,31});/y
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * The children of the root element; an element with children becomes fields, one without becomes text.
 * @throws MalformedPayload
 */
export function parseXml(source: string): Fields {
  if (source.length > MAX_LENGTH) throw new MalformedPayload('too long')
  return new Reader(storable(source)).document()
}

class Reader {
  private readonly source: string
  private at = 0
  private elements = 0
  private references = 0

  constructor(source: string) {
    this.source = source
  }

  document(): Fields {
    if (!this.source.startsWith('<xml>')) this.at = DECLARATION.exec(this.source)?.[0].length ?? 0
    const root = this.element(0).value
    if (!isBlank(this.source, this.at, this.source.length)) throw new MalformedPayload('content after the root')
    if (root instanceof Map) return root
    if (typeof root === 'string' && root.trim() === '') return new Map()
    throw new MalformedPayload('no fields')
  }

  private element(depth: number): { name: string; value: FieldValue } {
    if (depth > MAX_DEPTH) throw new MalformedPayload('too deep')
    if (++this.elements > MAX_ELEMENTS) throw new MalformedPayload('too many elements')
    const name = this.open()
    if (this.source.charCodeAt(this.at - 2) === SLASH) return { name, value: '' }
    return { name, value: this.leaf(name) ?? this.content(name, depth) }
  }

  /** Name of the tag that starts here; leaves the position behind its `>`. */
  private open(): string {
    const end = plainNameEnd(this.source, this.at)
    if (end > 0) {
      const name = this.source.slice(this.at + 1, end)
      this.at = end + 1
      return name
    }
    OPEN_TAG.lastIndex = this.at
    const name = OPEN_TAG.exec(this.source)?.[1]
    if (name === undefined) throw new MalformedPayload('element expected')
    this.at = OPEN_TAG.lastIndex
    return name
  }

  /** The usual case, nothing but one CDATA section or one text, without the bookkeeping of `content`. */
  private leaf(name: string): string | undefined {
    const literal = this.source.startsWith(CDATA_START, this.at)
    const start = literal ? this.at + CDATA_START.length : this.at
    const end = literal ? this.source.indexOf(CDATA_END, start) : this.source.indexOf('<', start)
    if (end < 0) return undefined
    const tag = literal ? end + CDATA_END.length : end
    if (!this.closes(name, tag)) return undefined
    this.at = tag + name.length + 3
    return literal ? this.source.slice(start, end) : this.resolve(this.source.slice(start, end))
  }

  private closes(name: string, at: number): boolean {
    const end = at + 2 + name.length
    return (
      this.source.charCodeAt(at + 1) === SLASH &&
      this.source.charCodeAt(end) === GREATER &&
      this.source.startsWith(name, at + 2) &&
      this.source.charCodeAt(at) === LESS
    )
  }

  /** Everything up to and including the closing tag. */
  private content(name: string, depth: number): FieldValue {
    let outside = ''
    let literal: string | undefined
    let children: Map<string, FieldValue> | undefined
    for (;;) {
      const mark = this.source.indexOf('<', this.at)
      if (mark < 0) throw new MalformedPayload('unclosed element')
      if (!isBlank(this.source, this.at, mark)) outside += this.source.slice(this.at, mark)
      this.at = mark
      const next = this.source.charCodeAt(mark + 1)
      if (next === SLASH) {
        this.close(name)
        return this.valueOf(outside, literal, children)
      }
      if (next === BANG) {
        literal = (literal ?? '') + this.cdata()
      } else {
        const child = this.element(depth + 1)
        collect((children ??= new Map<string, FieldValue>()), child.name, child.value)
      }
    }
  }

  private cdata(): string {
    if (!this.source.startsWith(CDATA_START, this.at)) throw new MalformedPayload('declaration')
    const start = this.at + CDATA_START.length
    const end = this.source.indexOf(CDATA_END, start)
    if (end < 0) throw new MalformedPayload('unclosed CDATA')
    this.at = end + CDATA_END.length
    return this.source.slice(start, end)
  }

  private close(name: string): void {
    if (this.closes(name, this.at)) {
      this.at += name.length + 3
      return
    }
    CLOSE_TAG.lastIndex = this.at
    if (CLOSE_TAG.exec(this.source)?.[1] !== name) throw new MalformedPayload('closing tag expected')
    this.at = CLOSE_TAG.lastIndex
  }

  private valueOf(outside: string, literal: string | undefined, children: Map<string, FieldValue> | undefined): FieldValue {
    if (children === undefined && literal === undefined) return this.resolve(outside)
    if (outside !== '' || (children !== undefined && literal !== undefined)) throw new MalformedPayload('mixed content')
    return children ?? literal ?? ''
  }

  /** By hand, because `replace` finds all references before it asks about the first one. */
  private resolve(text: string): string {
    let result = ''
    let copied = 0
    for (let mark = text.indexOf('&'); mark >= 0; mark = text.indexOf('&', mark + 1)) {
      REFERENCE.lastIndex = mark
      const name = REFERENCE.exec(text)?.[1]
      if (name === undefined) continue
      if (++this.references > MAX_REFERENCES) throw new MalformedPayload('too many references')
      result += text.slice(copied, mark) + (name.startsWith('#') ? characterOf(name) : (NAMED.get(name) ?? unknownEntity()))
      copied = REFERENCE.lastIndex
    }
    return copied === 0 ? text : result + text.slice(copied)
  }
}

/** Where the `>` of a tag stands that is nothing but letters, digits and `_`, as nearly all are; -1 for any other. */
function plainNameEnd(source: string, at: number): number {
  if (source.charCodeAt(at) !== LESS || isDigit(source.charCodeAt(at + 1))) return -1
  for (let end = at + 1; ; end++) {
    const character = source.charCodeAt(end)
    if (character === GREATER) return end > at + 1 ? end : -1
    const letter = character | LOWER_CASE_BIT
    if (!(letter >= LETTER_A && letter <= LETTER_Z) && character !== UNDERSCORE && !isDigit(character)) return -1
  }
}

const isDigit = (character: number): boolean => character >= 48 && character <= 57

function characterOf(reference: string): string {
  const code = reference[1] === 'x' ? Number.parseInt(reference.slice(2), 16) : Number.parseInt(reference.slice(1), 10)
  const isCharacter = code > 0 && code <= 0x10_ff_ff && !(code >= 0xd800 && code <= 0xdfff)
  if (!isCharacter) throw new MalformedPayload('character reference')
  return String.fromCodePoint(code)
}

/** Line breaks and indentation between elements. */
function isBlank(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (source.charCodeAt(at) > SPACE) return false
  return true
}

function unknownEntity(): never {
  throw new MalformedPayload('unknown entity')
}

/** What `writeXml` takes: numbers go out bare, texts as CDATA, a list repeats its name. */
export type XmlInput = string | number | XmlInput[] | { [name: string]: XmlInput }

/** `<xml>…</xml>` with the given children. */
export function writeXml(content: { [name: string]: XmlInput }): string {
  return `<xml>${writeChildren(content)}</xml>`
}

function writeChildren(content: { [name: string]: XmlInput }): string {
  return Object.entries(content)
    .map(([name, value]) => writeElement(name, value))
    .join('\n')
}

function writeElement(name: string, value: XmlInput): string {
  if (Array.isArray(value)) return value.map((item) => writeElement(name, item)).join('\n')
  if (typeof value === 'object') return `<${name}>${writeChildren(value)}</${name}>`
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  return `<${name}>${CDATA_START}${value.replaceAll(CDATA_END, ']]]]><![CDATA[>')}${CDATA_END}</${name}>`
}

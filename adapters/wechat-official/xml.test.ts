import { describe, expect, test } from '@jest/globals'
import { MalformedPayload, type FieldValue, type Fields } from './fields.ts'
import { parseJson, readJson } from './json.ts'
import { parsePayload } from './payload.ts'
import { parseXml, writeXml } from './xml.ts'

const plain = (value: FieldValue | undefined): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value
const read = (xml: string): unknown => plain(new Map(parseXml(xml)))

describe('CH-01 reading XML', () => {
  test.each([
    ['text and CDATA', '<xml><A>1</A><B><![CDATA[<b>&amp;]]></B></xml>', { A: '1', B: '<b>&amp;' }],
    ['nested elements', '<xml>\n<A><B>\n<C>1</C>\n</B></A>\n</xml>', { A: { B: { C: '1' } } }],
    ['a name inside another of the same name', '<xml><A><A>1</A></A></xml>', { A: { A: '1' } }],
    ['repeated elements as a list', '<xml><A>1</A><A>2</A><A><B>3</B></A></xml>', { A: ['1', '2', { B: '3' }] }],
    ['empty elements', '<xml><A></A><B/><C><![CDATA[]]></C><D /></xml>', { A: '', B: '', C: '', D: '' }],
    ['the five entities and references', '<xml><A>&lt;&gt;&amp;&quot;&apos;&#20320;&#x1F600;</A></xml>', { A: '<>&"\'你😀' }],
    ['entities once only', '<xml><A>&amp;lt;</A></xml>', { A: '&lt;' }],
    ['a bare ampersand', '<xml><A>a=1&b=2</A></xml>', { A: 'a=1&b=2' }],
    ['CDATA in pieces', '<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>', { A: 'a]]>b' }],
    ['blanks around CDATA', '<xml><A>\n <![CDATA[ a ]]>\n </A></xml>', { A: ' a ' }],
    ['blanks in text', '<xml><A> a </A><B> </B></xml>', { A: ' a ', B: ' ' }],
    ['a closing tag inside CDATA', '<xml><A><![CDATA[</A></xml>]]></A></xml>', { A: '</A></xml>' }],
    ['a declaration and a byte order mark', '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<xml><A>1</A></xml>\n', { A: '1' }],
    ['attributes, which are ignored', '<xml a="1"><A b=\'2\' c="3">1</A></xml>', { A: '1' }],
    ['blanks in tags', '<xml ><A >1</A ></xml >', { A: '1' }],
    ['no fields', '<xml></xml>', {}],
    [
      'names of the language',
      '<xml><__proto__><x>1</x></__proto__><constructor>2</constructor></xml>',
      JSON.parse('{"__proto__":{"x":"1"},"constructor":"2"}'),
    ],
    ['text without what a database refuses', '<xml><A>a\u0000b\ud800</A></xml>', { A: 'ab\ufffd' }],
  ])('understands %s', (_name, xml, expected) => {
    expect(read(xml)).toEqual(expected)
  })

  test.each([
    ['a document type', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['a document type inside', '<xml><!DOCTYPE a [<!ENTITY b "c">]><A>&b;</A></xml>'],
    ['an external entity', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>'],
    ['an entity of one’s own', '<xml><A>&lol;</A></xml>'],
    ['a processing instruction', '<xml><?php echo 1 ?><A>1</A></xml>'],
    ['a comment', '<xml><!-- a --><A>1</A></xml>'],
    ['an unclosed element', '<xml><A>1</xml>'],
    ['crossed elements', '<xml><A><B>1</A></B></xml>'],
    ['an unclosed CDATA', '<xml><A><![CDATA[1</A></xml>'],
    ['content after the root', '<xml><A>1</A></xml><xml/>'],
    ['text beside elements', '<xml>a<A>1</A></xml>'],
    ['text alone', '<xml>a</xml>'],
    ['nothing', ''],
    ['a lone bracket', '<'],
    ['a name that is none', '<xml><1>1</1></xml>'],
    ['a reference to nothing', '<xml><A>&#0;</A></xml>'],
    ['a reference to half a character', '<xml><A>&#xD800;</A></xml>'],
    ['a reference beyond Unicode', '<xml><A>&#x110000;</A></xml>'],
  ])('refuses %s', (_name, xml) => {
    expect(() => parseXml(xml)).toThrow(MalformedPayload)
  })

  test('leaves the prototype of every object alone', () => {
    parseXml(
      '<xml><__proto__><polluted>1</polluted></__proto__><constructor><prototype><polluted>1</polluted></prototype></constructor></xml>',
    )
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('CH-01 attacks by XML end soon', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha">${'bcdefghij'.replace(/./g, (name) => `<!ENTITY ${name} "${'&a;'.repeat(10)}">`)}]><xml><A>&j;</A></xml>`

  test.each([
    ['a billion laughs', laughs],
    ['a million numeric references', `<xml><A>${'&#65;'.repeat(209_000)}</A></xml>`],
    ['deep nesting', '<a>'.repeat(200_000)],
    ['deep nesting that is closed', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['very many elements', `<xml>${'<a>1</a>'.repeat(100_000)}</xml>`],
    ['more than a megabyte', `<xml><A>${'x'.repeat(1_100_000)}</A></xml>`],
    ['a megabyte of brackets', '<'.repeat(1_000_000)],
    ['a megabyte of open CDATA', `<xml><A>${'<![CDATA['.repeat(110_000)}`],
    ['a megabyte of blanks in a tag', `<xml><A${' '.repeat(1_000_000)}`],
    ['a megabyte of attributes', `<xml><A ${'a="b" '.repeat(150_000)}`],
    ['a megabyte of ampersands', `<xml><A>${'&a'.repeat(500_000)};</A></xml>`],
  ])('%s', (_name, xml) => {
    expect(() => parseXml(xml)).toThrow(MalformedPayload)
  })

  test('a megabyte of honest text is read', () => {
    expect(read(`<xml><A><![CDATA[${'客'.repeat(1_000_000)}]]></A></xml>`)).toEqual({ A: '客'.repeat(1_000_000) })
  })
})

describe('CH-01 writing XML', () => {
  test('what is written reads back the same', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const value = record(generator(seed), 0)
      expect(read(writeXml(value))).toEqual(
        JSON.parse(JSON.stringify(value), (_name, member: unknown) => (typeof member === 'number' ? String(member) : member)),
      )
    }
  })

  test('texts are CDATA, numbers are bare, lists repeat', () => {
    expect(writeXml({ A: 'x]]>y', B: 1, C: ['1', '2'], D: { E: '' } })).toBe(
      '<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A>\n<B>1</B>\n<C><![CDATA[1]]></C>\n<C><![CDATA[2]]></C>\n<D><E><![CDATA[]]></E></D></xml>',
    )
  })
})

describe('CH-01 reading JSON', () => {
  test('keeps every digit of a 64-bit id', () => {
    const fields = parseJson(
      '{"MsgId":24099999999999999999,"a":-9007199254740993,"b":[1234567890123456789],"c":12345,"d":1.5,"h":0.12345678901234567,"i":1e-05,"e":"1234567890123456789","f":true,"g":null}',
    )
    expect(plain(new Map(fields))).toEqual({
      MsgId: '24099999999999999999',
      a: '-9007199254740993',
      b: ['1234567890123456789'],
      c: '12345',
      d: '1.5',
      h: '0.12345678901234566',
      i: '0.00001',
      e: '1234567890123456789',
      f: 'true',
      g: '',
    })
  })

  test('leaves digits in texts alone, behind any number of escapes', () => {
    expect(readJson(String.raw`{"a":"\\\"1234567890123456789\\","1234567890123456789":"x"}`)).toEqual({
      a: '\\"1234567890123456789\\',
      '1234567890123456789': 'x',
    })
  })

  test('agrees with JSON.parse on everything without long numbers', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const text = JSON.stringify(record(generator(seed), 0))
      expect(readJson(text)).toEqual(JSON.parse(text))
    }
  })

  test.each([
    '',
    '[]',
    '1',
    'null',
    '"a"',
    '{',
    '{"a":}',
    '{"a":1}}',
    `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`,
    '{"a":"',
    `{"a":"${'\\"'.repeat(400_000)}`,
  ])('refuses what is no object (%#)', (json) => {
    expect(() => parseJson(json)).toThrow(MalformedPayload)
  })

  test('a name of the language is a name like any other', () => {
    expect([...parseJson('{"__proto__":{"polluted":1}}').keys()]).toEqual(['__proto__'])
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test('the body tells which of the two it is', () => {
    const fields: Fields = new Map([['A', '1']])
    for (const body of ['<xml><A>1</A></xml>', '{"A":1}', ' \n{"A":"1"}', '\uFEFF{"A":1}', '\n<xml><A>1</A></xml>'])
      expect(parsePayload(body)).toEqual(fields)
  })
})

/** A small seeded generator (mulberry32): the same cases in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Value = string | number | { [name: string]: Value }

const ALPHABET = ['a', '客', '😀', '<', '>', '&', ']]>', ']', '"', '\\', '\n', ' ', '&amp;', '<![CDATA[', '0']

function record(random: () => number, depth: number): { [name: string]: Value } {
  const names = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => `Name_${index}`)
  return Object.fromEntries(names.map((name) => [name, value(random, depth)]))
}

function value(random: () => number, depth: number): Value {
  const choice = random()
  if (choice < 0.2 && depth < 5) return record(random, depth + 1)
  if (choice < 0.4) return Math.floor(random() * 1e9)
  return Array.from({ length: Math.floor(random() * 12) }, () => ALPHABET[Math.floor(random() * ALPHABET.length)] ?? '').join('')
}

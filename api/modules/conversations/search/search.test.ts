import { describe, expect, test } from '@jest/globals'
import { excerptOf, termsOf } from './excerpt.ts'
import { keyOf, keysOf, pairsOf, wordsOf } from './keys.ts'

const shown = (text: string, query: string) => {
  const found = excerptOf(text, termsOf(query))
  return found && { ...found, words: found.highlights.map(([start, end]) => found.excerpt.slice(start, end)) }
}

describe('BP-004.3 pairs of characters', () => {
  test('two Chinese characters are a pair, wherever they stand; blanks and punctuation part', () => {
    expect(pairsOf('我要退款！')).toEqual(['我要', '要退', '退款'])
    expect(pairsOf('退，款')).toEqual([])
    expect(pairsOf('ＡＢ12 ab')).toEqual(['ab', 'b1', '12'])
    expect(pairsOf('款')).toEqual([])
    expect(pairsOf('𠮷野家')).toEqual(['𠮷野', '野家'])
  })

  test('the same pair has another key on another day, and always the same on the same day', () => {
    expect(keyOf(20_000, '退款')).toBe(keyOf(20_000, '退款'))
    expect(keyOf(20_000, '退款')).not.toBe(keyOf(20_001, '退款'))
    for (const key of keysOf(new Date('2026-11-22T00:00:00Z'), [{ type: 'text', text: '发票抬头' }])) expect(key).toBe(key | 0)
  })

  test('what can be read is indexed: text, names of files, titles, options', () => {
    expect(
      wordsOf([
        { type: 'text', text: '您好' },
        { type: 'file', media: { status: 'ready', name: '合同.pdf' } },
        { type: 'menu', head: '请选', options: [{ id: '1', text: '满意' }] },
        { type: 'notice', code: 'x', params: {} },
      ]),
    ).toBe('您好\n合同.pdf\n请选\n满意')
  })
})

describe('BP-004.3 excerpts', () => {
  test('the words are marked where they stand in the original, whatever their width and case', () => {
    expect(shown('请问 ＶＩＰ 的发票怎么开？发票抬头', 'vip 发票')).toMatchObject({ words: ['ＶＩＰ', '发票', '发票'] })
    expect(shown('100%_off', '%_')).toMatchObject({ words: ['%_'] })
    expect(shown('没有', '发票')).toBeNull()
    expect(shown('只有发票', '发票 抬头')).toBeNull()
  })

  test('a long message is cut around the first hit, never through a character', () => {
    const found = shown(`${'😀'.repeat(100)}发票${'好'.repeat(300)}`, '发票')
    expect(found?.words).toEqual(['发票'])
    expect(found?.excerpt.isWellFormed()).toBe(true)
    expect(found?.excerpt.length).toBeLessThan(170)
  })
})

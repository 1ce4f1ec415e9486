import { describe, expect, test } from '@jest/globals'
import { matchQuality, normal, spokenTitle, wordsOf } from './match.ts'
import { usageWeight } from './suggest.ts'

const reply = (title: string, code = '', text = '') => ({
  title: normal(title),
  code: normal(code),
  text: normal(text),
  spoken: spokenTitle(title),
})
const quality = (typed: string, searched: ReturnType<typeof reply>) => matchQuality(searched, wordsOf(typed))

describe('BP-016.6 how well a reply answers what was typed', () => {
  test('a code comes before its beginning, before titles, before 拼音, before the text, before a guess', () => {
    const ladder = [
      quality('tk', reply('别的', 'tk')),
      quality('tk', reply('别的', 'tkjd')),
      quality('退款', reply('退款')),
      quality('退款', reply('退款进度')),
      quality('退款', reply('查询退款')),
      quality('tk', reply('退款进度')),
      quality('tk', reply('查询退款')),
      quality('退款', reply('别的', '', '您的退款已到账')),
      quality('退度', reply('退款进度')),
      quality('refnud', reply('别的', 'refund')),
    ]
    expect(ladder.every((value, index) => value > 0 && (index === 0 || value < ladder[index - 1]!))).toBe(true)
  })

  test('拼音 in full, in initials and mixed falls on syllables from anywhere in the title', () => {
    const title = reply('七天无理由退货')
    for (const typed of ['q', 'qt', 'qitian', 'qtian', 'qitwly', 'wuliyou', 'th', 'tuih', 'tuihuo', 'QTWLYTH'])
      expect({ typed, found: quality(typed, title) > 30 }).toEqual({ typed, found: true })
    for (const typed of ['zzz', 'tianqi', 'x']) expect({ typed, quality: quality(typed, title) }).toEqual({ typed, quality: 0 })
  })

  test('every word must be found, and full-width letters are letters', () => {
    expect(quality('退款 进度', reply('退款进度'))).toBeGreaterThan(0)
    expect(quality('退款 发票', reply('退款进度'))).toBe(0)
    expect(quality('ＴＫ', reply('别的', 'tk'))).toBe(100)
    expect(quality('', reply('什么都可以'))).toBeGreaterThan(0)
  })
})

describe('BP-004.4 what use is worth', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

  test('one’s own uses weigh more than everybody’s, and lately more than long ago', () => {
    const ownTwice = usageWeight({ own: 2, uses: 2, lastUsedAt: daysAgo(0) }, now)
    expect(ownTwice).toBeGreaterThan(usageWeight({ own: 0, uses: 100, lastUsedAt: null }, now))
    expect(ownTwice).toBeGreaterThan(usageWeight({ own: 2, uses: 2, lastUsedAt: daysAgo(30) }, now))
    expect(usageWeight({ own: 0, uses: 0, lastUsedAt: null }, now)).toBe(0)
  })
})

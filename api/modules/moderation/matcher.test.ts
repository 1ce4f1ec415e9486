import { describe, expect, test } from '@jest/globals'
import { createMatcher } from './matcher.ts'
import { patternOf, read } from './normalise.ts'

const finder = (...words: string[]) => {
  const match = createMatcher(words.map(patternOf))
  return (text: string) => match(text).map(({ word, start, end }) => [words[word], text.slice(start, end)])
}

describe('how a text is read', () => {
  test.each([
    ['ＱＱ', 'qq'],
    ['Q\u200bＱ', 'qq'],
    ['微 信', '微信'],
    ['微\n＊信', '微信'],
    ['㎏', 'kg'],
    ['𝐚ss', 'ass'],
    ['e\u0301', 'e'],
    [' .-_ ', ''],
  ])('%j as %j', (text, pattern) => expect(patternOf(text)).toBe(pattern))

  test('every code keeps its place in the text', () => {
    const { codes, starts, ends } = read('a 𝐛信')
    expect(codes.map((code, at) => [String.fromCodePoint(code), starts[at], ends[at]])).toEqual([
      ['a', 0, 1],
      ['b', 2, 4],
      ['信', 4, 5],
    ])
  })
})

describe('finding', () => {
  test('words inside words, overlapping ones, and one that ends in another', () => {
    expect(finder('赌博', '网络赌博', '博彩')('网络赌博彩票')).toEqual([
      ['网络赌博', '网络赌博'],
      ['赌博', '赌博'],
      ['博彩', '博彩'],
    ])
  })

  test('a Latin word counts as a word: not inside another, not across two, but with a gap after every letter', () => {
    const find = finder('ass')
    for (const text of ['class', 'assist', 'as soon', 'gas s']) expect(find(text)).toEqual([])
    for (const text of ['ass', 'kiss my ASS!', 'a s s', 'a.s.s', '你ass吗']) expect(find(text)).toHaveLength(1)
    expect(finder('加vx')('请加 VX 123')).toEqual([['加vx', '加 VX']])
  })

  test('agrees with a plain search over 300 random texts', () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
    const word = () => Array.from({ length: 1 + random(3) }, () => '甲乙丙丁'[random(4)]).join('')
    for (let round = 0; round < 300; round++) {
      const words = [...new Set(Array.from({ length: 6 }, word))]
      const text = Array.from({ length: 20 }, () => '甲乙丙丁'[random(4)]).join('')
      const plain = words.flatMap((each, index) =>
        Array.from({ length: text.length }, (_, at) => at).flatMap((at) =>
          text.startsWith(each, at) ? [`${index} ${at} ${at + each.length}`] : [],
        ),
      )
      const found = createMatcher(words)(text).map((match) => `${match.word} ${match.start} ${match.end}`)
      expect(found.sort()).toEqual(plain.sort())
    }
  })
})

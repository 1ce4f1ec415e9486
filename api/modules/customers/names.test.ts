import { expect, test } from '@jest/globals'
import { phoneTail, searchQuery, searchTerms, sortKey } from './names.ts'

test('a Chinese name is found by its characters, its full 拼音 and its initials, from any character on', () => {
  expect(searchTerms(['张三丰'])).toEqual(
    expect.arrayContaining(['张三丰', '三丰', '丰', 'zhangsanfeng', 'sanfeng', 'feng', 'zsf', 'sf', 'f']),
  )
})

test('characters with several readings are found by the one of the surname and by the common one', () => {
  expect(searchTerms(['单雄信'])).toEqual(expect.arrayContaining(['shanxiongxin', 'sxx', 'danxiongxin', 'dxx']))
  expect(searchTerms(['曾国藩'])).toEqual(expect.arrayContaining(['zengguofan', 'cengguofan']))
  expect(searchTerms(['重庆远山'])).toEqual(expect.arrayContaining(['chongqingyuanshan', 'cqys']))
  expect(searchTerms(['吕布'])).toEqual(expect.arrayContaining(['lvbu', 'lb']))
})

test('words of other scripts are found by their beginnings, together and apart', () => {
  expect(searchTerms(['Alice Chen', 'ＡＬＩ😀'])).toEqual(expect.arrayContaining(['alice', 'chen', 'alicechen', 'ali']))
})

test('a name as long as a sentence makes a bounded number of terms', () => {
  expect(searchTerms(['行长乐重单'.repeat(30)]).length).toBeLessThanOrEqual(400)
})

test('a search holds no operator of the query language', () => {
  expect(searchQuery(`o'b | !x:* & (y)`)).toBe(`'ob':* & 'x':* & 'y':*`)
  expect(searchQuery(' %_\\ ')).toBeNull()
})

test('four digits and more are the end of a phone number', () => {
  expect(phoneTail('8000')).toBe('8000')
  expect(phoneTail('+86 138-0013-8000')).toBe('8613800138000')
  expect(phoneTail('800')).toBeNull()
  expect(phoneTail('张8000')).toBeNull()
})

test('names sort by 拼音; who has none comes last', () => {
  const names = ['王五', '阿杰', '李四', 'Bob']
  expect(names.sort((a, b) => ((sortKey(a) ?? '~') < (sortKey(b) ?? '~') ? -1 : 1))).toEqual(['阿杰', 'Bob', '李四', '王五'])
  expect(sortKey('😀')).toBeNull()
})

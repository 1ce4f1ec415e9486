import { expect, test } from '@jest/globals'
import { richBlocks, richLine, withMark } from './rich-text.ts'

const plain = (text: string) => [{ text, mark: null }]

test('BP-005.2 marks of a line are read, and what is no mark stays as it was written', () => {
  expect(richLine('先**断电**再按 `RESET`')).toEqual([
    { text: '先', mark: null },
    { text: '断电', mark: 'bold' },
    { text: '再按 ', mark: null },
    { text: 'RESET', mark: 'code' },
  ])
  expect(richLine('5 * 3 ** 2 与 `半个')).toEqual(plain('5 * 3 ** 2 与 `半个'))
})

test('BP-005.2 lines become paragraphs, lists, quotes, headings and code', () => {
  const text = '# 现象\n不出纸\n换过网线\n\n- 三楼\n- 四楼\n1. 断电\n2. 重启\n> 客户原话\n```\n<b>E42</b>\n# 不是标题\n```'
  expect(richBlocks(text)).toEqual([
    { kind: 'heading', lines: [plain('现象')] },
    { kind: 'paragraph', lines: [plain('不出纸'), plain('换过网线')] },
    { kind: 'bullets', lines: [plain('三楼'), plain('四楼')] },
    { kind: 'numbers', lines: [plain('断电'), plain('重启')] },
    { kind: 'quote', lines: [plain('客户原话')] },
    { kind: 'code', text: '<b>E42</b>\n# 不是标题' },
  ])
  expect(richBlocks('```\n没有结尾')).toEqual([{ kind: 'paragraph', lines: [plain('```'), plain('没有结尾')] }])
})

test('BP-005.2 a button marks what is selected', () => {
  expect(withMark({ text: '先断电', from: 1, to: 3 }, 'bold')).toEqual({ text: '先**断电**', from: 3, to: 5 })
  expect(withMark({ text: '一\n二\n三', from: 2, to: 5 }, 'numbers').text).toBe('一\n1. 二\n2. 三')
})

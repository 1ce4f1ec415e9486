import { describe, expect, test } from '@jest/globals'
import { readableOn } from '../accent.ts'
import { backoffMs } from '../backoff.ts'
import { parseClaim, parseFromChat, parseFromHost, sealed } from '../../protocol.ts'
import { en } from './en.ts'
import { noticeText } from './notice.ts'
import { chooseLocale, speaker } from './words.ts'
import { zhCN } from './zh-cn.ts'

const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

describe('CH-01 what the page says', () => {
  test('both languages have the same texts with the same blanks', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort())
    for (const [key, text] of Object.entries(zhCN)) expect({ key, holes: holes(Reflect.get(en, key)) }).toEqual({ key, holes: holes(text) })
  })

  test('the language is the wanted one, else the browser’s first that we speak', () => {
    expect(chooseLocale('en', ['zh-CN'])).toBe('en')
    expect(chooseLocale('zh-TW', ['en'])).toBe('zh-CN')
    expect(chooseLocale(null, ['fr-FR', 'en-GB', 'zh-CN'])).toBe('en')
    expect(chooseLocale('xx', [])).toBe('zh-CN')
  })

  test('notices are worded; one that the page does not know, or cannot complete, is left out', () => {
    const say = speaker('zh-CN')
    expect(noticeText({ type: 'notice', code: 'conversation_assigned', params: { name: '李娜' } }, say)).toBe('客服 李娜 为您服务')
    expect(noticeText({ type: 'notice', code: 'conversation_closed', params: { reason: 'no_reply' } }, say)).toContain('较长时间')
    expect(noticeText({ type: 'notice', code: 'conversation_closed', params: { reason: 'resolved' } }, say)).toContain('感谢')
    expect(noticeText({ type: 'notice', code: 'conversation_assigned', params: { name: null } }, say)).toBeNull()
    expect(noticeText({ type: 'notice', code: 'toString', params: {} }, say)).toBeNull()
  })

  test('a name with a dollar sign or braces is only a name', () => {
    expect(speaker('en')('header.agent', { name: '$& {name}' })).toBe('$& {name} is helping you')
  })

  test('words on the company’s colour are readable on light and dark ones', () => {
    expect(['#1f6feb', '#000000', '#ffd400', '#ffffff'].map(readableOn)).toEqual(['#fff', '#fff', '#000', '#000'])
  })
})

describe('CH-01 what widget and page say to each other', () => {
  const claim = { id: '42', expiresAt: 1, signature: 'ab' }

  test('both ends understand each other', () => {
    const hello = { type: 'hello', claim, pageUrl: 'https://shop.example.com/', open: true } as const
    expect(parseFromHost(sealed(hello))).toEqual(hello)
    expect(parseFromChat(sealed({ type: 'unread', count: 3 }))).toEqual({ type: 'unread', count: 3 })
  })

  test('what the contract would refuse of a claim is left out, so that it costs nobody his chat', () => {
    const long = { ...claim, name: '王'.repeat(100), avatarUrl: 'http://a.example/1.png' }
    expect(parseClaim(long)).toEqual({ ...claim, name: '王'.repeat(60) })
  })

  test('anything else that arrives in a page is ignored', () => {
    for (const data of [null, 'hello', { type: 'hello' }, { lianke: 1 }, { lianke: 1, type: 'identify', claim: { id: 42 } }, []]) {
      expect(parseFromHost(data)).toBeNull()
      expect(parseFromChat(data)).toBeNull()
    }
  })
})

describe('CH-01 waiting before the next try', () => {
  test('grows up to the most, and is never less than half of it', () => {
    const options = { firstMs: 1000, maxMs: 30_000 }
    expect([0, 1, 2, 9, 99].map((attempt) => backoffMs(attempt, options, () => 1))).toEqual([1000, 2000, 4000, 30_000, 30_000])
    expect(backoffMs(0, options, () => 0)).toBe(500)
  })
})

import { describe, expect, it } from '@jest/globals'
import { countdown, daysAgo, fileSize, urgency, utf8Bytes, waitClock } from './format.ts'
import { linkified } from './linkify.ts'

describe('figures', () => {
  it('count down in hours only when there are some', () => {
    expect([countdown(42_127), countdown(598), countdown(-5)]).toEqual(['11:42:07', '09:58', '00:00'])
  })
  it('show waiting so that it stays short in a row', () => {
    expect([waitClock(42), waitClock(725), waitClock(3 * 3600), waitClock(2 * 86_400)]).toEqual(['0:42', '12:05', '3h', '2d'])
  })
  it('turn amber at half of the promise and red when it is broken', () => {
    expect([urgency(89), urgency(90), urgency(180)]).toEqual(['calm', 'warn', 'late'])
  })
  it('count what platforms count', () => {
    expect(utf8Bytes('你好a')).toBe(7)
  })
  it('read as sizes', () => {
    expect([fileSize(900), fileSize(20_480), fileSize(1_843_200)]).toEqual(['900 B', '20 KB', '1.8 MB'])
  })
  it('know yesterday by the calendar, not by 24 hours', () => {
    const now = new Date(2026, 10, 22, 0, 30).getTime()
    expect(daysAgo(new Date(2026, 10, 21, 23, 50).toISOString(), now)).toBe(1)
    expect(daysAgo(new Date(2026, 10, 22, 0, 10).toISOString(), now)).toBe(0)
  })
})

describe('addresses in a text', () => {
  it('become links without the punctuation of the sentence', () => {
    expect(linkified('看 https://a.example/x?y=1，谢谢')).toEqual([
      { text: '看 ' },
      { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
      { text: '，谢谢' },
    ])
    expect(linkified('[说明](https://a.example/b)见https://a.example/c需要登记').map(({ href }) => href)).toEqual([
      undefined,
      'https://a.example/b',
      undefined,
      'https://a.example/c',
      undefined,
    ])
    expect(linkified('(http://a.example).')).toEqual([
      { text: '(' },
      { text: 'http://a.example', href: 'http://a.example' },
      { text: ').' },
    ])
  })
  it('are http alone; whatever else is written stays text', () => {
    for (const text of ['javascript:alert(1)', 'data:text/html,<b>', '<img src=x onerror=alert(1)>', 'file:///etc/passwd']) {
      expect(linkified(text)).toEqual([{ text }])
    }
  })
})

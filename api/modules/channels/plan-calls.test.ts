import { describe, expect, test } from '@jest/globals'
import type { ChannelCapabilities } from '../../contract/conversation.ts'
import { planCalls, splitText } from './plan-calls.ts'

const capabilities: ChannelCapabilities = {
  parts: ['text', 'image'],
  maxTextBytes: 30,
  maxFileBytes: {},
  filesAsLinks: true,
  recall: false,
  readReceipts: false,
  typing: true,
  replyAllowances: { message: { seconds: 60, count: 5 } },
  templates: false,
}

describe('splitting a long text', () => {
  test('no chunk exceeds the limit in bytes, and no character is cut', () => {
    const text = '发票已经寄出👍🏽，单号稍后告诉您。'.repeat(40)
    const chunks = splitText(text, 100)
    for (const chunk of chunks) {
      expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(100)
      expect(chunk.isWellFormed()).toBe(true)
    }
    expect(chunks.join('')).toBe(text)
  })

  test('it cuts at the end of a line where one is near', () => {
    expect(splitText('第一行很长很长\n第二行', 26)).toEqual(['第一行很长很长', '第二行'])
  })

  test('a text that fits stays as it is', () => {
    expect(splitText(' a ', 30)).toEqual([' a '])
  })
})

describe('planning the calls of a message', () => {
  test('the agent’s name stands before his first words only', () => {
    const plan = planCalls(
      [
        { type: 'image', media: { status: 'ready' } },
        { type: 'text', text: '好' },
        { type: 'text', text: '的' },
      ],
      capabilities,
      '林晓',
    )
    expect(plan.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual(['image', '林晓：好', '的'])
  })

  test('a file counts as one call where it goes out as a link', () => {
    expect(planCalls([{ type: 'file', media: { status: 'ready' } }], capabilities, null)).toHaveLength(1)
  })

  test('what the channel cannot carry in any form is refused before anything is written', () => {
    expect(() => planCalls([{ type: 'location', latitude: 1, longitude: 1 }], capabilities, null)).toThrow('cannot carry')
  })
})

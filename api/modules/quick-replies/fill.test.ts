import { describe, expect, test } from '@jest/globals'
import type { QuickReplyPart } from '../../contract/quick-reply.ts'
import { carriedBy } from './fill.ts'

const media = { status: 'ready' as const, attachmentId: '01930000-0000-7000-8000-000000000001' }
const parts: QuickReplyPart[] = [
  { type: 'text', text: '您好' },
  { type: 'image', media },
  { type: 'file', media },
  { type: 'link', url: 'https://www.example.com', title: '查询发票', description: '凭订单号' },
]

describe('BP-004.4 what the channel of a conversation carries', () => {
  test('everything, where it knows everything', () => {
    expect(carriedBy({ parts: ['text', 'image', 'file', 'link'], filesAsLinks: false }, parts)).toEqual({ carried: parts, left: [] })
  })

  test('a link card becomes text where there are no cards, and what cannot be carried is named', () => {
    const { carried, left } = carriedBy({ parts: ['text'], filesAsLinks: false }, parts)
    expect(carried).toEqual([parts[0], { type: 'text', text: '查询发票\n凭订单号\nhttps://www.example.com' }])
    expect(left).toEqual(['image', 'file'])
  })

  test('files go as links where the channel has it so', () => {
    expect(carriedBy({ parts: ['text', 'image'], filesAsLinks: true }, parts).left).toEqual([])
  })
})

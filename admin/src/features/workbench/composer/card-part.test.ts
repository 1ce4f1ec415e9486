import { describe, expect, it } from '@jest/globals'
import { messagePartInputSchema } from '#api/contract/message.ts'
import { CARD_FIELDS, CARD_KINDS, cardOf, type CardField } from './card-part.ts'

const NOTHING: Record<CardField, string> = { title: '', description: '', url: '', hqUrl: '', appId: '', pagePath: '', refId: '' }
const ALL: Record<CardField, string> = {
  title: ' 会员中心 ',
  description: '积分与优惠',
  url: 'https://example.com/song.mp3',
  hqUrl: '',
  appId: 'wx0123456789abcdef',
  pagePath: 'pages/member/index',
  refId: 'id-1',
}

describe('BP-004.1 a card for the customer', () => {
  it.each(CARD_KINDS.map((kind) => [kind] as const))(
    '%s: what is needed is asked for first, and the whole of it is a part that may be sent',
    (kind) => {
      const needed = CARD_FIELDS[kind].filter((one) => one.needed).map(({ field }) => field)
      expect(needed.length).toBeGreaterThan(0)
      for (const field of needed) expect(cardOf(kind, { ...ALL, [field]: '  ' })).toEqual({ wrong: field, reason: 'missing' })
      const card = cardOf(kind, ALL)
      expect('part' in card && messagePartInputSchema.safeParse(card.part).success).toBe(true)
    },
  )

  it('holds what belongs to its kind, trimmed, and nothing of another kind', () => {
    expect(cardOf('miniprogram', ALL)).toEqual({
      part: { type: 'card', card: 'miniprogram', title: '会员中心', appId: 'wx0123456789abcdef', pagePath: 'pages/member/index' },
    })
    expect(cardOf('article', { ...NOTHING, refId: 'id-1' })).toEqual({ part: { type: 'card', card: 'article', refId: 'id-1' } })
  })

  it('plays no address that is not of the web', () => {
    for (const url of ['javascript:alert(1)', 'song.mp3', 'https://', 'file:///etc/passwd'])
      expect(cardOf('music', { ...ALL, url })).toEqual({ wrong: 'url', reason: 'address' })
  })
})
